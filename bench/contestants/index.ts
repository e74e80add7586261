import type { Contestant } from './contestant.js';
import { floor, floorYoga, limit } from './floor.js';
import { heimdall, heimdall24, heimdallOff } from './heimdall.js';
import { peers } from './peers/index.js';

/** Everything that takes part, in the order of the tables. */
export const contestants: readonly Contestant[] = [
  floor,
  floorYoga,
  limit,
  heimdall,
  heimdall24,
  heimdallOff,
  ...peers,
];
