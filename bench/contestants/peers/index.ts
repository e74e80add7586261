import type { Contestant } from '../contestant.js';
import { postGraphile } from './postgraphile.js';

/** The systems that others would use instead. */
export const peers: readonly Contestant[] = [postGraphile];
