import type { Contestant } from './contestant.js';
import { floor, floorYoga } from './floor.js';
import { heimdall, heimdall24, heimdallOff } from './heimdall.js';
import { peers } from './peers/index.js';

/** Everything that takes part, in the order of the tables. */
export const contestants: readonly Contestant[] = [
  floor,
  floorYoga,
  heimdall,
  heimdall24,
  heimdallOff,
  ...peers,
];
