import { type Answer, evaluate, type Row } from '../../policy/evaluate.js';
import { isConstant } from '../../policy/residual.js';
import { type Extent, REACHABLE } from '../../policy/situation.js';
import type { Guarding } from '../../query/guarding.js';
import type { Transaction } from '../write/in-transaction.js';
import { padded } from './padded.js';
import { delegateOf } from './reader.js';
import { residualWhere } from './residual-where.js';
import { withinLimits } from './too-large.js';

/**
 * Whether a row permits an action besides reading, such as Manage(read) (D15) or use, by what the row
 * itself says: the same tree that a list is narrowed by. Unknown where that hangs on other rows or on a
 * column that was not loaded; then `permitted` tells.
 */
export function permits({ decisions }: Guarding, model: string, action: string, row: Row): Answer {
  return evaluate(decisions.residual(model, action), row);
}

/**
 * Which of these rows permit an action besides reading, such as Manage(read) (D15) or use: one
 * statement for all of them, by the very residual that lists are narrowed by, wherever its rows may be unless an extent
 * is given.
 */
export async function permitted(
  client: Transaction,
  { decisions }: Guarding,
  model: string,
  action: string,
  ids: readonly string[],
  extent: Extent = REACHABLE,
): Promise<ReadonlySet<string>> {
  const residual = decisions.residual(model, action, extent);
  if (isConstant(residual, false)) return new Set();
  if (isConstant(residual, true)) return new Set(ids);
  const found = await withinLimits(
    delegateOf(client, model).findMany({
      where: { AND: [{ id: { in: padded(ids) } }, residualWhere(residual)] },
      select: { id: true },
    }),
  );
  return new Set(found.map((row) => row.id));
}
