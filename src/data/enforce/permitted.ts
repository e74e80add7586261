import { isConstant } from '../../policy/condition.js';
import { type Answer, evaluate, type Row } from '../../policy/evaluate.js';
import { padded } from '../../policy/padded.js';
import { delegateName } from '../data-model.js';
import type { PrismaClient } from '../generated/client.js';
import type { Rules } from './rules.js';

type Find = { findMany(args: object): Promise<{ id: string }[]> };

/**
 * Whether a row permits an action besides reading, such as Manage(read) (D15) or use, by what the row
 * itself says: the same tree that a list compiles. Unknown where that hangs on other rows or on a
 * column that was not loaded; then `permitted` tells.
 */
export function permits(rules: Rules, model: string, action: string, row: Row): Answer {
  return evaluate(rules.condition(model, action, 'reachable'), row);
}

/**
 * Which of these rows permit an action besides reading, such as Manage(read) (D15) or use: one
 * statement for all of them, by the very predicate that lists use, wherever its rows may be.
 */
export async function permitted(
  base: PrismaClient,
  rules: Rules,
  model: string,
  action: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const condition = rules.condition(model, action, 'reachable');
  if (isConstant(condition, false)) return new Set();
  if (isConstant(condition, true)) return new Set(ids);
  const delegates = base as unknown as Record<string, Find>;
  const delegate = delegates[delegateName(model)];
  if (delegate === undefined) throw new Error(`no delegate for ${model}`);
  const found = await delegate.findMany({
    where: { AND: [{ id: { in: padded(ids) } }, rules.reachableWhere(model, action)] },
    select: { id: true },
  });
  return new Set(found.map((row) => row.id));
}
