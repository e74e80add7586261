import { builder } from '../../graphql/builder.js';
import { refOf } from '../../graphql/refs.js';
import { forManagersOf, type TypeFields } from '../../graphql/type-fields.js';
import type { RowOf } from '../../graphql/types.js';
import { decidingColumns } from '../../policy/deciding-columns.js';
import { MANAGE } from '../../policy/resolve.js';
import { columnsOf, type Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';
import { placeOfRow, readIn } from '../../request/row-place.js';
import { role } from './role.js';

interface RoleHolder {
  readonly id: string;
  readonly user: RowOf<'User'> | null;
  readonly team: RowOf<'Team'> | null;
  readonly scope: RowOf<'Scope'> | null;
}

/** A subject that holds a role at a scope. */
const RoleHolderRef = builder.objectRef<RoleHolder>('RoleHolder').implement({
  description: 'A user or a team that holds a role at a scope.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    user: t.field({
      type: refOf('User'),
      nullable: true,
      description: 'The user, if it is one and you may read them.',
      resolve: (holder) => holder.user,
    }),
    team: t.field({
      type: refOf('Team'),
      nullable: true,
      description: 'The team, if it is one and you may read it.',
      resolve: (holder) => holder.team,
    }),
    scope: t.field({
      type: refOf('Scope'),
      nullable: true,
      description: 'Where it is held, if you may read that scope.',
      resolve: (holder) => holder.scope,
    }),
  }),
});

/** Who holds a role and where. */
export const holders = (t: TypeFields<'Role'>) =>
  t.computed({
    type: [RoleHolderRef],
    nullable: true,
    ...forManagersOf('Role'),
    reads: decidingColumns(role.policy, MANAGE) as (keyof RowOf<'Role'>)[],
    meaning: { kind: 'many', relation: 'assignments', far: 'membership', managed: true },
    description: 'Who holds it and where, of the memberships that you may read. For managers.',
    resolve: (row, _args, context, info) => loadHolders(row, context, info),
  });

/** The holders of a role, of the memberships that the caller may read, oldest first. */
async function loadHolders(
  row: { readonly id: string },
  context: Context,
  info: Operation,
): Promise<RoleHolder[]> {
  const place = placeOfRow(row, context);
  const membership = {
    columns: ['id'],
    relations: {
      user: { select: { columns: columnsOf('User', info) } },
      team: { select: { columns: columnsOf('Team', info) } },
      scope: { select: { columns: columnsOf('Scope', info) } },
    },
  };
  const assignments = {
    select: { columns: [], relations: { membership: { select: membership } } },
  };
  const found = await context.loaders.related('Role', { assignments }, place).load(row.id);
  const memberships = (found?.assignments ?? []) as { membership: RoleHolder | null }[];
  const held = memberships.flatMap(({ membership: one }) => (one === null ? [] : [one]));
  for (const { user, team, scope } of held) {
    readIn(
      [user, team, scope].filter((one) => one !== null),
      place,
    );
  }
  return held.sort((a, b) => (a.id < b.id ? -1 : 1));
}
