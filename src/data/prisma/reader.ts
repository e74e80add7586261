import { isConstant } from '../../policy/residual.js';
import type { Extent } from '../../policy/situation.js';
import { chargeWeight } from '../../limits/charge-filter.js';
import type { Limited } from '../../limits/limits.js';
import type { DataModel } from '../../query/data-model.js';
import { guard, guardCount } from '../../query/guard.js';
import { guardFilter } from '../../query/guard-filter.js';
import type { GuardedCount, GuardedQuery } from '../../query/guarded.js';
import type { Guarding } from '../../query/guarding.js';
import type { CountQuery, Query } from '../../query/query.js';
import { weigh } from '../../query/weigh.js';
import type { PrismaClient } from '../generated/client.js';
import { countArguments, findArguments } from './arguments.js';
import { delegateName } from './delegate.js';
import { withinLimits } from './too-large.js';

/** A row of whatever model, with the columns and relations that its query selected. */
export interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Reads what a principal may of what is asked, in one place. */
export interface Reader {
  find(query: Query): Promise<Row[]>;
  /** The first row, or null. */
  first(query: Query): Promise<Row | null>;
  count(query: CountQuery): Promise<number>;
}

/**
 * A reader over the client without enforcement: what it sends are guarded queries alone, whose filters
 * have been charged to the request.
 */
export function createReader(
  client: PrismaClient,
  guarding: Guarding,
  extent: Extent,
  request: Limited,
): Reader {
  const { dataModel, decisions } = guarding;
  // Who can read no row of a model at all needs no statement to be told so.
  const isClosed = (model: string): boolean =>
    isConstant(decisions.residual(model, 'read', extent), false);
  const chargeWhere = ({ model, where }: Pick<Query, 'model' | 'where'>): void => {
    if (where === undefined) return;
    chargeWeight(request, where, () => weigh(guardFilter(guarding, model, where)));
  };
  const find = async (query: Query): Promise<Row[]> => {
    chargeWhere(query);
    const guarded = guard(guarding, query, extent);
    return isClosed(query.model) ? [] : readRows(client, dataModel, guarded);
  };
  return {
    find,
    async first(query) {
      const [row] = await find({ ...query, page: { ...query.page, take: 1 } });
      return row ?? null;
    },
    async count(query) {
      chargeWhere(query);
      const guarded = guardCount(guarding, query, extent);
      return isClosed(query.model) ? 0 : countRows(client, dataModel, guarded);
    },
  };
}

interface Delegate {
  findMany(args: object): Promise<Row[]>;
  count(args: object): Promise<number>;
}

/** The rows of a guarded query. */
export function readRows(
  client: PrismaClient,
  dataModel: DataModel,
  query: GuardedQuery,
): Promise<Row[]> {
  return withinLimits(delegateOf(client, query.model).findMany(findArguments(dataModel, query)));
}

/** The number of rows of a guarded query. */
function countRows(
  client: PrismaClient,
  dataModel: DataModel,
  query: GuardedCount,
): Promise<number> {
  return withinLimits(delegateOf(client, query.model).count(countArguments(dataModel, query)));
}

/** A model's delegate by the model's name. Throws on a name that the client does not have. */
export function delegateOf(client: PrismaClient, model: string): Delegate {
  const delegates = client as unknown as Record<string, Delegate | undefined>;
  const delegate = delegates[delegateName(model)];
  if (delegate === undefined) throw new Error(`no delegate for ${model}`);
  return delegate;
}
