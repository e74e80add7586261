import type { Contestant } from '../contestant.js';

/** The systems that others would use instead. */
export const peers: readonly Contestant[] = [];
