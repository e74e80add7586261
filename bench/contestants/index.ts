import type { Contestant } from './contestant.js';
import { floor, floorYoga } from './floor.js';
import { heimdall, heimdallOff } from './heimdall.js';
import { peers } from './peers/index.js';

/** Everything that takes part, in the order of the tables. */
export const contestants: readonly Contestant[] = [
  floor,
  floorYoga,
  heimdall,
  heimdallOff,
  ...peers,
];
