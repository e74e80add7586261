import type { ObjectRef } from '@pothos/core';
import { chargeFilter } from '../limits/charge-filter.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import { isUuid } from '../policy/pattern.js';
import { builder, type SchemaShape } from './builder.js';
import type { Operation } from './columns.js';
import { connectionType, type PageSource, resolveConnection } from './connection.js';
import type { Context } from './context.js';
import { delegateOf, type Row } from './delegate.js';
import type { Filter } from './filters.js';
import type { Order } from './order.js';
import { armsOf, type PlaceArgs, placeOf } from './place-args.js';
import { readIn } from './row-place.js';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;

export interface ResourceRoots<Shape> {
  readonly model: string;
  /** The root fields: one row by id, and the list. */
  readonly one: string;
  readonly many: string;
  /** The words for one and many in descriptions. */
  readonly noun: string;
  readonly nouns: string;
  readonly ref: ObjectRef<Types, Shape>;
  readonly filter: Filter;
  readonly order: Order;
  readonly hasGlobalRows: boolean;
  /** Whether rows of one name shadow one another (D2). */
  readonly shadows: boolean;
}

const SCOPE_DESCRIPTION =
  'Where to act (D4): omitted, your organization; null, the global tier alone; a scope or an organization by id, that place.';

/** The scope argument of root fields, which tells omitted from null. */
export const scopeArgument = { type: 'ID' as const, description: SCOPE_DESCRIPTION };

/** What every resource can be asked for: `t(id)`, `ts(…)`, and `_entities` by its id. */
export function defineRootFields<Shape extends { readonly id: string }>(
  roots: ResourceRoots<Shape>,
): void {
  defineOne(roots);
  defineMany(roots);
  builder.asEntity(roots.ref, {
    key: builder.selection<{ id: string }>('id'),
    // Pothos wraps no auth scope around references: `guardEntities` asks who is asking.
    resolveReference: ({ id }: { id: string }, context: Context, info: Operation) =>
      loadRow(roots.model, id, context, info),
  } as never);
}

/** A row by id, or null: malformed, absent and hidden are the same (D14). */
async function loadRow(
  model: string,
  id: string,
  context: Context,
  info: Operation,
): Promise<Row | null> {
  if (!isUuid(id)) return null;
  return context.loaders.row(model, context.place, info).load(id.toLowerCase());
}

function defineOne<Shape extends { readonly id: string }>({
  one,
  noun,
  model,
  ref,
}: ResourceRoots<Shape>): void {
  builder.queryField(one, (t) =>
    t.field({
      type: ref,
      nullable: true,
      authScopes: { signedIn: true },
      description: `The ${noun} with this id; null if there is none that you may read.`,
      args: { id: t.arg.id({ required: true, description: 'Its id, a UUID.' }) },
      resolve: ((_root: object, { id }: { id: string }, context: Context, info: Operation) =>
        loadRow(model, id, context, info)) as never,
    }),
  );
}

// What the descriptions say is what holds where nobody has set anything else.
const { pageSize, maxPageSize } = DEFAULT_LIMITS;

function defineMany<Shape extends { readonly id: string }>(roots: ResourceRoots<Shape>): void {
  const { many, nouns, ref, filter, order, shadows } = roots;
  const Connection = connectionType<Shape>(roots.model, ref);
  builder.queryField(many, (t) =>
    t.field({
      type: Connection,
      nullable: false,
      authScopes: { signedIn: true },
      description: `The ${nouns} that you may read, a page at a time.`,
      args: {
        first: t.arg.int({
          description: `How many rows from the start or after the cursor: ${pageSize} unless given, at most ${maxPageSize}.`,
        }),
        after: t.arg.string({ description: 'Only rows after this cursor.' }),
        last: t.arg.int({
          description: `How many rows from the end or before the cursor, at most ${maxPageSize}.`,
        }),
        before: t.arg.string({ description: 'Only rows before this cursor.' }),
        scope: t.arg.id({ description: SCOPE_DESCRIPTION }),
        acrossOrganizations: t.arg.boolean({
          description: 'The rows of all organizations, for those who may act in any (D4).',
        }),
        ...(shadows
          ? {
              includeShadowed: t.arg.boolean({
                description: 'Also rows that a nearer one of the same name shadows (D3).',
              }),
            }
          : {}),
        where: t.arg({ type: filter.input, description: 'Only rows of which this holds.' }),
        orderBy: t.arg({ type: [order.input], description: 'How the list is sorted.' }),
      },
      resolve: (_root, args, context, info) =>
        resolveMany(roots, args as ListArgs, context, info) as never,
    }),
  );
}

type ListArgs = PlaceArgs & {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly where?: unknown;
  readonly orderBy?: Parameters<Order['toKeys']>[0];
};

async function resolveMany<Shape>(
  roots: ResourceRoots<Shape>,
  args: ListArgs,
  context: Context,
  info: Operation,
) {
  const { model, filter, order } = roots;
  const place = await placeOf(args, context);
  chargeFilter(context, args.where);
  const where = args.where === undefined || args.where === null ? {} : filter.toWhere(args.where);
  const keys = order.toKeys(args.orderBy);
  // A cursor says the values of the keys, whether or not they are asked for.
  const select = {
    ...context.columnsOf(model, info).select,
    ...Object.fromEntries(keys.map(({ field }) => [field, true])),
  };
  const sources = armsOf(place, roots).map((arm): PageSource<Row> => {
    const delegate = delegateOf(context.dbAt(arm.place, arm.tier), model);
    return {
      find: (query) => delegate.findMany({ ...query, select }),
      count: () => delegate.count({ where }),
    };
  });
  const connection = await resolveConnection(sources, where, keys, args, context.limits);
  readIn(
    connection.edges.map((edge) => edge.node),
    place,
  );
  return connection;
}

/** A lookup by name through the cascade (D2): `key` is the column that names rows of the model. */
export function defineLookup<Shape extends { readonly id: string }>(
  roots: ResourceRoots<Shape>,
  field: string,
  key: string,
): void {
  builder.queryField(field, (t) =>
    t.field({
      type: roots.ref,
      nullable: true,
      authScopes: { signedIn: true },
      description: `The nearest ${roots.noun} of this ${key}, from the scope up to the global tier (D2); null if you may not read that one, whatever lies farther.`,
      args: {
        [key]: t.arg.string({ required: true, description: `The exact ${key}.` }),
        scope: t.arg.id({ description: SCOPE_DESCRIPTION }),
      },
      resolve: ((
        _root: object,
        args: Record<string, string | null>,
        context: Context,
        info: Operation,
      ) => lookUp(roots.model, [key, args[key] ?? ''], args, context, info)) as never,
    }),
  );
}

async function lookUp(
  model: string,
  [key, value]: readonly [string, string],
  args: PlaceArgs,
  context: Context,
  info: Operation,
): Promise<Row | null> {
  const asked = await placeOf(args, context);
  if (value.includes('\0')) return null;
  const place = cascadeOf(asked);
  const { select } = context.columnsOf(model, info);
  const delegate = delegateOf(context.dbAt(place), model);
  const row = await delegate.findFirst({ where: { [key]: value }, select });
  if (row !== null) readIn([row], place);
  return row;
}

/**
 * The cascade walks chain(S) alone, also where a list would cover the whole organization (D2). All
 * but the nearest row of a name are shadowed in it, so that what is left is the answer.
 */
function cascadeOf(place: Awaited<ReturnType<typeof placeOf>>) {
  return place.coverage.kind === 'organization'
    ? { ...place, coverage: { kind: 'chain' as const, scopeIds: place.chain } }
    : place;
}
