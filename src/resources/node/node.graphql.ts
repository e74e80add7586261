import { badUserInput } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { Node } from '../../graphql/node.js';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { isUuid } from '../../policy/pattern.js';
import type { Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';

builder.queryField('node', (t) =>
  t.field({
    type: Node,
    nullable: true,
    authScopes: { signedIn: true },
    directives: { shareable: true },
    description:
      'The resource with this id, of whatever type; null if there is none that you may read. The id of an organization is that of its root scope too (D1): here the organization is meant.',
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
    nullable: { list: false, items: true },
    authScopes: { signedIn: true },
    directives: { shareable: true },
    description:
      'The resources with these ids, in their order; null where there is none that you may read.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: `Their ids, at most ${DEFAULT_LIMITS.nodeIds}.`,
      }),
    },
    resolve: (_root, { ids }, context, info) => findNodes(ids, context, info),
  }),
);

/** Rows by id, whichever table they are in: one statement to find the tables, one a table. */
async function findNodes(
  ids: readonly string[],
  context: Context,
  info: Operation,
): Promise<({ readonly id: string } | null)[]> {
  const { nodeIds } = context.limits;
  if (ids.length > nodeIds) throw badUserInput(`at most ${nodeIds} ids at once`);
  const known = ids.map((id) => (isUuid(id) ? id.toLowerCase() : null));
  const kinds = await context.findKinds([...new Set(known.filter((id) => id !== null))]);
  return Promise.all(
    known.map(async (id) => {
      const kind = id === null ? undefined : kinds.get(id);
      if (id === null || kind === undefined) return null;
      const row = await context.loaders.row(kind, context.place, info).load(id);
      return row === null ? null : { ...row, __typename: kind };
    }),
  );
}
