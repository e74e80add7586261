import { dataModel } from '../data/generated-data-model.js';
import type { Row } from '../data/prisma/reader.js';
import type { Policy } from '../policy/define-policy.js';
import { isUuid } from '../policy/pattern.js';
import type { Extent, Place } from '../policy/situation.js';
import { completePolicy } from '../query/complete-policies.js';
import { compare } from '../query/filter.js';
import { usableOf } from '../query/usable.js';
import { columnsOf, type Operation } from '../request/columns.js';
import type { Context } from '../request/context.js';
import { loadNamed } from '../request/load-named.js';
import { readIn } from '../request/row-place.js';
import { builder } from './builder.js';
import { type ConnectionShape, type PageSource, resolveConnection } from './connection.js';
import type { Resource } from './declared.js';
import { defineEntity } from './define-entity.js';
import { text } from './filter-operands.js';
import {
  connectionOf,
  filterOf,
  type ListArgs,
  orderOf,
  pageArguments,
  rowArguments,
} from './list.js';
import { armsOf, type PlaceArgs, placeOf } from './place-args.js';
import { refOf } from './refs.js';
import type { ModelName, RowOf } from './types.js';

const SCOPE_DESCRIPTION =
  'Where to act (D4): omitted, your organization; null, the global tier alone; a scope or an organization by id, that place.';

/** The scope argument of root fields, which tells omitted from null. */
export const scopeArgument = { type: 'ID' as const, description: SCOPE_DESCRIPTION };

/**
 * What a resource can be asked for: `t(id)`, `ts(…)`, `_entities` by its keys, and, where rows of a name
 * shadow one another, `tByName(…)`.
 */
export function defineRoots<M extends ModelName>(resource: Resource<M>): void {
  defineOne(resource);
  defineMany(resource);
  const { cascadesBy } = resource.policy;
  if (cascadesBy !== undefined) defineLookup(resource, cascadesBy);
  defineEntity(resource);
}

/** A row by id, or null: malformed, absent and hidden are the same (D14). */
async function loadRow(
  model: string,
  id: string,
  context: Context,
  info: Operation,
): Promise<Row | null> {
  if (!isUuid(id)) return null;
  return loadNamed(model, id.toLowerCase(), context, info);
}

function defineOne({ model, one, noun }: Resource): void {
  builder.queryField(one, (t) =>
    t.field({
      type: refOf(model),
      nullable: true,
      authScopes: { signedIn: true },
      description: `The ${noun} with this id; null if there is none that you may read.`,
      reads: [],
      meaning: { kind: 'row', model },
      args: { id: t.arg.id({ required: true, description: 'Its id, a UUID.' }) },
      resolve: ((_root: object, { id }: { id: string }, context: Context, info: Operation) =>
        loadRow(model, id, context, info)) as never,
    }),
  );
}

function defineMany(resource: Resource): void {
  const { model, many, nouns } = resource;
  const policy = completePolicy(dataModel, resource.policy);
  builder.queryField(many, (t) =>
    t.field({
      type: connectionOf(model),
      // One field fails alone: null with its error, beside siblings that stand (D47).
      nullable: true,
      authScopes: { signedIn: true },
      description: `The ${nouns} that you may read, a page at a time; null only beside an error.`,
      reads: [],
      meaning: { kind: 'list', model },
      args: {
        ...pageArguments(t),
        scope: t.arg.id({ description: SCOPE_DESCRIPTION }),
        acrossOrganizations: t.arg.boolean({
          description: 'The rows of all organizations, for those who may act in any (D4).',
        }),
        ...(policy.cascadesBy === undefined
          ? {}
          : {
              includeShadowed: t.arg.boolean({
                description: 'Also rows that a nearer one of the same name shadows (D3).',
              }),
            }),
        ...(policy.actions.use === undefined
          ? {}
          : {
              usable: t.arg.boolean({
                description: `Only ${nouns} that you may use (D6), and none that you merely manage: what a picker offers (D37).`,
              }),
            }),
        ...rowArguments(t, model),
      },
      resolve: (_root, args, context, info) =>
        resolveMany(policy, args as PlacedArgs, context, info) as never,
    }),
  );
}

type PlacedArgs = PlaceArgs & ListArgs & { readonly usable?: boolean | null };

async function resolveMany(
  policy: Policy,
  args: PlacedArgs,
  context: Context,
  info: Operation,
): Promise<ConnectionShape<Row>> {
  const { model } = policy;
  const place = await placeOf(args, context);
  const where = filterOf(model, args.where, context);
  const keys = orderOf(model).toKeys(args.orderBy);
  // A cursor says the values of the keys, whether or not they are asked for.
  const columns = [...new Set([...columnsOf(model, info), ...keys.map(({ field }) => field)])];
  const sources = armsOf(place, policy).map((arm): PageSource<Row> => {
    const extent: Extent = { kind: 'placed', tier: arm.tier };
    const reader = context.readerAt(arm.place, extent);
    const query = {
      model,
      ...where,
      ...(args.usable === true && usableOf(context.decisionsAt(arm.place), model, extent)),
    };
    return {
      find: async (by, page) => {
        const rows = await reader.find({ ...query, order: by, page, select: { columns } });
        readIn(rows, place);
        return rows;
      },
      count: () => reader.count(query),
    };
  });
  return resolveConnection(sources, keys, args, context.limits);
}

/** A lookup by name through the cascade (D2): `key` is the column that names rows of the model. */
function defineLookup({ model, one, noun }: Resource, key: string): void {
  const field = `${one}By${key.charAt(0).toUpperCase()}${key.slice(1)}`;
  builder.queryField(field, (t) =>
    t.field({
      type: refOf(model),
      nullable: true,
      authScopes: { signedIn: true },
      description: `The nearest ${noun} of this ${key}, from the scope up to the global tier (D2); null if you may not read that one, whatever lies farther.`,
      reads: [],
      meaning: { kind: 'named', model, column: key, within: 'cascade' },
      args: {
        [key]: t.arg.string({ required: true, description: `The exact ${key}.` }),
        scope: t.arg.id({ description: SCOPE_DESCRIPTION }),
      },
      resolve: ((
        _root: object,
        args: Record<string, string | null>,
        context: Context,
        info: Operation,
      ) => lookUp(model, [key, args[key] ?? ''], args, context, info)) as never,
    }),
  );
}

async function lookUp(
  model: ModelName,
  by: readonly [string, string],
  args: PlaceArgs,
  context: Context,
  info: Operation,
): Promise<object | null> {
  const place = cascadeOf(await placeOf(args, context));
  return readFirst(model, by, place, { kind: 'placed' }, context, info);
}

/** The row of which a column has this text, in a place; null where there is none to be read (D14). */
export async function readFirst<M extends ModelName>(
  model: M,
  [column, value]: readonly [string, string],
  place: Place,
  extent: Extent,
  context: Context,
  info: Operation,
): Promise<RowOf<M> | null> {
  const row = await context.readerAt(place, extent).first({
    model,
    where: compare(column, { is: 'equal', value: text(value) }),
    select: { columns: columnsOf(model, info) },
  });
  if (row !== null) readIn([row], place);
  return row as RowOf<M> | null;
}

/**
 * The cascade walks chain(S) alone, also where a list would cover the whole organization (D2). All
 * but the nearest row of a name are shadowed in it, so that what is left is the answer.
 */
export function cascadeOf(place: Place): Place {
  return place.coverage.kind === 'organization'
    ? { ...place, coverage: { kind: 'chain', scopeIds: place.chain } }
    : place;
}

/** The whole organization that a place is in; null where it is in none. */
export function organizationOf(place: Place): Place | null {
  const { organizationId, coverage } = place;
  if (organizationId === null || coverage.kind === 'global') return null;
  return { ...place, coverage: { kind: 'organization', organizationId } };
}
