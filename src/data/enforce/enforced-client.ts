import { isConstant } from '../../policy/residual.js';
import type { Extent } from '../../policy/situation.js';
import { keyOf } from '../../query/data-model.js';
import { guard } from '../../query/guard.js';
import type { Guarding } from '../../query/guarding.js';
import type { PrismaClient } from '../generated/client.js';
import { readRows } from '../prisma/reader.js';
import { nothing } from '../prisma/residual-where.js';
import { withinLimits } from '../prisma/too-large.js';
import { delegatesOnly } from './delegates-only.js';
import { enforceCall } from './enforce-call.js';

declare const enforced: unique symbol;

/**
 * The delegates of all models, and nothing that would get around them.
 * INVARIANT: a client of its own type: the one without enforcement cannot be taken for it.
 */
export type EnforcedClient = Omit<PrismaClient, `$${string}`> & { readonly [enforced]: true };

/**
 * A client for calls written by hand: each is parsed into a query, guarded as every query is, and put
 * into Prisma's words again. Writes, raw SQL and whatever it does not know throw an EnforcementError.
 */
export function enforcedClient(
  base: PrismaClient,
  guarding: Guarding,
  extent: Extent,
): EnforcedClient {
  const extended = base.$extends({
    name: 'enforcement',
    query: {
      async $allOperations({ model, operation, args, query }) {
        const call = enforceCall(guarding, model, operation, args, extent);
        const none =
          model === undefined ? undefined : answerOfNothing(guarding, model, operation, extent);
        if (none !== undefined) return none.answer;
        if (call.cursor === undefined || model === undefined) {
          return withinLimits(query(call.args as never));
        }
        const key = keyOf(guarding.dataModel, model);
        const cursor = { ...call.cursor, select: { columns: [key] }, page: { take: 1 } };
        const found = await readRows(base, guarding.dataModel, guard(guarding, cursor, extent));
        // A cursor on a hidden row answers as one on a row that does not exist (D14).
        const where = found.length > 0 ? call.args.where : nothing(key);
        return withinLimits(query({ ...call.args, where } as never));
      },
    },
  });
  return delegatesOnly(extended, guarding.dataModel) as EnforcedClient;
}

/** What a call answers whose principal can read no row of the model at all: no statement is needed. */
function answerOfNothing(
  { decisions }: Guarding,
  model: string,
  operation: string,
  extent: Extent,
): { readonly answer: [] | null } | undefined {
  if (!isConstant(decisions.residual(model, 'read', extent), false)) return undefined;
  switch (operation) {
    case 'findMany':
      return { answer: [] };
    case 'findFirst':
    case 'findUnique':
      return { answer: null };
    default:
      return undefined;
  }
}
