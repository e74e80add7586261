import DataLoader from 'dataloader';
import type { Policy } from '../policy/define-policy.js';
import { evaluate, type Row } from '../policy/evaluate.js';
import { MANAGE } from '../policy/resolve.js';
import type { Place } from '../policy/situation.js';
import { oneOf } from '../query/filter.js';
import type { Context } from '../request/context.js';
import { inspected } from './inspected.js';

const asked = new WeakMap<object, Map<string, DataLoader<string, boolean>>>();

/**
 * Whether what others may do with a row is for the asker to know: `permission:inspect` reaches it, and they manage it. What
 * the row does not say by itself, as an entry of the record does not, the database is asked, of all rows at once.
 *
 * INVARIANT: what others may says whose a row is and whom it is open to, which is for its managers (D15); and what is
 * held in a scope is for those whom `permission:inspect` reaches there.
 */
export async function inspectsRow(
  context: Context,
  here: Place,
  { model, policy }: { readonly model: string; readonly policy: Policy },
  action: string,
  row: Row & { readonly id: string },
): Promise<boolean> {
  const answer = evaluate(inspected(context.decisionsAt(here), policy, action), row);
  if (answer === 'no') return false;
  if (answer === 'unknown') {
    const isReached = await reachedRows(context, here, model, policy, action).load(row.id);
    if (!isReached) return false;
  }
  return context.loaders.permitted(model, MANAGE, here, row);
}

function reachedRows(
  context: Context,
  here: Place,
  model: string,
  policy: Policy,
  action: string,
): DataLoader<string, boolean> {
  const known = asked.get(context.loaders) ?? new Map<string, DataLoader<string, boolean>>();
  asked.set(context.loaders, known);
  const key = `${model} ${action} ${here.organizationId} ${here.switched}`;
  const found =
    known.get(key) ?? new DataLoader(readReached, { maxBatchSize: context.limits.batchIds });
  known.set(key, found);
  return found;

  async function readReached(ids: readonly string[]): Promise<boolean[]> {
    const permitting = [inspected(context.decisionsAt(here), policy, action)];
    const select = { columns: ['id'] } as const;
    const rows = await context
      .readerAt(here)
      .find({ model, where: oneOf('id', [...ids]), permitting, select });
    const reached = new Set(rows.map(({ id }) => id));
    return ids.map((id) => reached.has(id));
  }
}
