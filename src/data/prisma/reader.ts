import { chargeWeight } from '../../limits/charge-filter.js';
import type { Held } from '../../limits/held-bytes.js';
import type { Limited } from '../../limits/limits.js';
import { isConstant } from '../../policy/residual.js';
import { type Extent, REACHABLE } from '../../policy/situation.js';
import type { DataModel } from '../../query/data-model.js';
import { oneOf } from '../../query/filter.js';
import { guard, guardCount } from '../../query/guard.js';
import { guardFilter } from '../../query/guard-filter.js';
import type { GuardedCount, GuardedQuery } from '../../query/guarded.js';
import type { Guarding } from '../../query/guarding.js';
import type { CountQuery, Query } from '../../query/query.js';
import { weigh } from '../../query/weigh.js';
import type { Transaction } from '../write/in-transaction.js';
import { countArguments, findArguments } from './arguments.js';
import {
  bytesOf,
  type Contents,
  contentsOf,
  lengthsIn,
  readsContents,
  withContents,
  withLengths,
} from './contents.js';
import { delegateName } from './delegate.js';
import { inTurn } from './in-turn.js';
import { padded } from './padded.js';
import type { Row } from './row.js';
import { withinLimits } from './too-large.js';

export type { Row } from './row.js';

/** Reads what a principal may of what is asked, in one place. */
export interface Reader {
  find(query: Query): Promise<Row[]>;
  /** The first row, or null. */
  first(query: Query): Promise<Row | null>;
  count(query: CountQuery): Promise<number>;
}

/** What a request is charged for: its filters, and the bytes that it loads. */
export interface Charged extends Limited {
  readonly held: Held;
}

/**
 * A reader over the client without enforcement: what it sends are guarded queries alone. Their filters are
 * charged before, and so is what rows of any length hold: a page is weighed first and read then.
 */
export function createReader(
  client: Transaction,
  guarding: Guarding,
  extent: Extent,
  request: Charged,
): Reader {
  const { dataModel, decisions } = guarding;
  // Who can read no row of a model at all needs no statement to be told so.
  const isClosed = (model: string): boolean =>
    isConstant(decisions.residual(model, 'read', extent), false);
  const chargeWhere = ({ model, where }: Pick<Query, 'model' | 'where'>): void => {
    if (where === undefined) return;
    chargeWeight(request, where, () => weigh(guardFilter(guarding, model, where)));
  };

  async function read(guarded: GuardedQuery): Promise<Row[]> {
    const rows = await readRows(client, dataModel, guarded);
    request.held.take(bytesOf(rows));
    return rows;
  }

  async function readWeighed(query: Query): Promise<Row[]> {
    const { model, select } = query;
    const lean = withLengths(dataModel, model, select);
    const rows = await read(guard(guarding, { ...query, select: lean }, extent));
    const lengths = lengthsIn(dataModel, model, lean, rows);
    for (const ofModel of lengths.values()) {
      for (const bytes of ofModel.values()) request.held.take(bytes);
    }
    const contents = new Map<string, Contents>();
    for (const [name, ofModel] of lengths) {
      contents.set(name, await readContents(name, [...ofModel.keys()]));
    }
    return withContents(dataModel, model, select, rows, contents);
  }

  /** INVARIANT: guarded like every other read, because between two statements rights can be taken away. */
  async function readContents(model: string, ids: readonly string[]): Promise<Contents> {
    const names = contentsOf(dataModel, model);
    const contents = new Map<string, Readonly<Record<string, unknown>>>();
    const { batchIds } = request.limits;
    for (let from = 0; from < ids.length; from += batchIds) {
      const where = oneOf('id', padded(ids.slice(from, from + batchIds)));
      const query: Query = { model, where, select: { columns: ['id', ...names] } };
      const rows = await readRows(client, dataModel, guard(guarding, query, REACHABLE));
      for (const { id, ...values } of rows) contents.set(id, values);
    }
    return contents;
  }

  const find = async (query: Query): Promise<Row[]> => {
    chargeWhere(query);
    const guarded = guard(guarding, query, extent);
    if (isClosed(query.model)) return [];
    if (!readsContents(dataModel, query.model, query.select)) return read(guarded);
    // One row is no page: what it holds is charged when it has come.
    const isOne = query.page?.take === 1;
    return inTurn(request, () => (isOne ? read(guarded) : readWeighed(query)));
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
  client: Transaction,
  dataModel: DataModel,
  query: GuardedQuery,
): Promise<Row[]> {
  return withinLimits(delegateOf(client, query.model).findMany(findArguments(dataModel, query)));
}

/** The number of rows of a guarded query. */
function countRows(
  client: Transaction,
  dataModel: DataModel,
  query: GuardedCount,
): Promise<number> {
  return withinLimits(delegateOf(client, query.model).count(countArguments(dataModel, query)));
}

/** A model's delegate by the model's name, of a client or within a transaction. Throws on a name that the client does not have. */
export function delegateOf(client: Transaction, model: string): Delegate {
  const delegates = client as unknown as Record<string, Delegate | undefined>;
  const delegate = delegates[delegateName(model)];
  if (delegate === undefined) throw new Error(`no delegate for ${model}`);
  return delegate;
}
