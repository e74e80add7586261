import type { GuardedFilter } from './guarded.js';
import { permitted } from './guarded-filter.js';
import type { Guarding } from './guarding.js';

declare const writable: unique symbol;

/** INVARIANT: only `guardWrite` makes these, and what changes a row takes nothing else. */
export interface GuardedWrite {
  readonly [writable]: true;
  readonly model: string;
  readonly id: string;
  readonly where: GuardedFilter;
}

/** One row, if it permits the action: the only rows that an update or a delete ever names. */
export function guardWrite(
  { decisions }: Guarding,
  model: string,
  id: string,
  action: string,
): GuardedWrite {
  const where = permitted(decisions.residual(model, action));
  return { model, id, where } as GuardedWrite;
}
