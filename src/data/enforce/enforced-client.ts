import { isConstant } from '../../policy/condition.js';
import { delegateName } from '../data-model.js';
import type { PrismaClient } from '../generated/client.js';
import { delegatesOnly } from './delegates-only.js';
import { rewriteCall } from './operations.js';
import type { Rules } from './rules.js';
import { withinLimits } from './too-large.js';

/** The delegates of all models, and nothing that would get around them. */
export type EnforcedClient = Omit<PrismaClient, `$${string}`>;

type Find = { findFirst(args: object): Promise<unknown> };

/**
 * The one client that resolvers get: the Prisma client, extended so that every call is rewritten
 * by the policies before it runs (architecture: "the idea that everything hangs on"). Writes, raw
 * SQL and whatever it does not know throw an EnforcementError.
 */
export function enforcedClient(base: PrismaClient, rules: Rules): EnforcedClient {
  const extended = base.$extends({
    name: 'enforcement',
    query: {
      async $allOperations({ model, operation, args, query }) {
        const call = rewriteCall(rules, model, operation, args);
        const nothing = model === undefined ? undefined : answerOfNothing(rules, model, operation);
        if (nothing !== undefined) return nothing.answer;
        if (call.cursor === undefined || model === undefined) {
          return withinLimits(query(call.args as never));
        }
        const visible = await isVisible(base, rules, model, call.cursor);
        // A cursor on a hidden row answers as one on a row that does not exist (D14).
        const where = visible ? call.args.where : rules.nothing(model);
        return withinLimits(query({ ...call.args, where } as never));
      },
    },
  });
  return delegatesOnly(extended, rules.dataModel) as EnforcedClient;
}

/** What a call answers whose principal can read no row of the model at all: no statement is needed. */
function answerOfNothing(
  rules: Rules,
  model: string,
  operation: string,
): { readonly answer: [] | null } | undefined {
  if (!isConstant(rules.condition(model, 'read'), false)) return undefined;
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

async function isVisible(
  base: PrismaClient,
  rules: Rules,
  model: string,
  cursor: object,
): Promise<boolean> {
  const delegates = base as unknown as Record<string, Find>;
  const delegate = delegates[delegateName(model)];
  const key = rules.keyOf(model);
  const found = await delegate?.findFirst({
    where: { AND: [cursor, rules.rootWhere(model)] },
    select: { [key]: true },
  });
  return found !== null && found !== undefined;
}
