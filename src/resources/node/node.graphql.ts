import { type GraphQLObjectType, type GraphQLSchema, isInterfaceType } from 'graphql';
import { badUserInput } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { Node } from '../../graphql/node.js';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { isUuid } from '../../policy/pattern.js';
import type { Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';
import { loadNamed } from '../../request/load-named.js';

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    authScopes: { signedIn: true },
    directives: { shareable: true },
    description:
      'The resource with this id, of whatever type; null if there is none that you may read.',
    reads: [],
    meaning: { kind: 'node' },
    args: { id: t.arg.id({ required: true, description: 'Its id, a UUID.' }) },
    resolve: async (_root, { id }, context, info) => {
      const [found] = await findNodes([id], context, info);
      return found ?? null;
    },
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [Node],
    nullable: { list: true, items: true },
    authScopes: { signedIn: true },
    directives: { shareable: true },
    description:
      'The resources with these ids, in their order; null where there is none that you may read.',
    reads: [],
    meaning: { kind: 'nodes' },
    args: {
      ids: t.arg.idList({
        required: true,
        description: `Their ids, at most ${DEFAULT_LIMITS.nodeIds}.`,
      }),
    },
    resolve: (_root, { ids }, context, info) => findNodes(ids, context, info),
  }),
);

/**
 * Rows by id, whichever table they are in.
 *
 * INVARIANT: every table is asked for every id, so that a hidden row takes the same statements as one that does
 * not exist (D14): by the time they take the two could be told apart. A table of which the caller can read
 * no row at all is not asked, whatever it holds.
 */
async function findNodes(
  ids: readonly string[],
  context: Context,
  info: Operation,
): Promise<({ readonly id: string } | null)[]> {
  const { nodeIds } = context.limits;
  if (ids.length > nodeIds) throw badUserInput(`at most ${nodeIds} ids at once`);
  const known = ids.map((id) => (isUuid(id) ? id.toLowerCase() : null));
  const asked = [...new Set(known.filter((id) => id !== null))];
  const found = new Map<string, { readonly id: string; readonly __typename: string }>();
  await Promise.all(
    nodeTypes(info.schema).map(async ({ name: kind }) => {
      const rows = await Promise.all(asked.map((id) => loadNamed(kind, id, context, info)));
      for (const row of rows) if (row !== null) found.set(row.id, { ...row, __typename: kind });
    }),
  );
  return known.map((id) => (id === null ? null : (found.get(id) ?? null)));
}

function nodeTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
}
