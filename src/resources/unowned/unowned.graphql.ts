import type { GraphQLSchema } from 'graphql';
import { dataModel } from '../../data/generated-data-model.js';
import type { Row } from '../../data/prisma/reader.js';
import { builder } from '../../graphql/builder.js';
import {
  type ConnectionShape,
  connectionType,
  type PageArgs,
  type PageSource,
  resolveConnection,
} from '../../graphql/connection.js';
import type { Resource } from '../../graphql/declared.js';
import { scopeArgument } from '../../graphql/define-roots.js';
import type { SortKey } from '../../graphql/keyset.js';
import { pageArguments } from '../../graphql/list.js';
import { Node } from '../../graphql/node.js';
import { armsOf, type PlaceArgs, placeOf } from '../../graphql/place-args.js';
import { allResources } from '../../graphql/registry.js';
import type { Place } from '../../policy/situation.js';
import { completePolicy } from '../../query/complete-policies.js';
import { fieldOf } from '../../query/data-model.js';
import { columnsOf, type Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';
import { readIn } from '../../request/row-place.js';

/** By their ids, and so the oldest first, whatever their types. */
const BY_ID: readonly SortKey[] = [{ field: 'id', kind: 'id', nullable: false, direction: 'asc' }];

builder.queryField('unownedRows', (t) =>
  t.field({
    type: connectionType('UnownedRow', Node),
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'The rows of all types that have neither an owner nor a team, of those that you may transfer (D7), the oldest first and shadowed ones too; `transferForms` and its like give them to somebody.',
    args: {
      ...pageArguments(t),
      scope: t.arg(scopeArgument),
      acrossOrganizations: t.arg.boolean({
        description: 'The rows of all organizations, for those who may act in any (D4).',
      }),
    },
    resolve: (_root, args, context, info) => unownedRows(args, context, info),
  }),
);

async function unownedRows(
  args: PageArgs & PlaceArgs,
  context: Context,
  info: Operation,
): Promise<ConnectionShape<Row>> {
  const place = await placeOf({ ...args, includeShadowed: true }, context);
  const sources = ownedTypes(info.schema).flatMap((resource) =>
    sourcesOf(resource, place, context, info),
  );
  return resolveConnection(sources, BY_ID, args, context.limits);
}

/** What can be owned, and is shown. */
function ownedTypes(schema: GraphQLSchema): readonly Resource[] {
  return allResources().filter(
    ({ model, policy: { ownership, actions } }) =>
      ownership === 'owned' &&
      'transfer' in actions &&
      // What always has an owner is never nobody's.
      fieldOf(dataModel, model, 'ownerId').required !== true &&
      schema.getType(model) !== undefined,
  );
}

function sourcesOf(
  { model, policy }: Resource,
  place: Place,
  context: Context,
  info: Operation,
): PageSource<Row>[] {
  const columns = columnsOf(model, info);
  return armsOf(place, completePolicy(dataModel, policy)).map((arm): PageSource<Row> => {
    const reader = context.readerAt(arm.place, { kind: 'placed', tier: arm.tier });
    return {
      async find(order, page) {
        const query = { model, unowned: true, order, page, select: { columns } } as const;
        const rows = (await reader.find(query)).map((row) => ({ ...row, __typename: model }));
        readIn(rows, place);
        return rows;
      },
      count: () => reader.count({ model, unowned: true }),
    };
  });
}
