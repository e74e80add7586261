import type { Scope, Team, User } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import type { Context } from '../../graphql/context.js';
import { placeOfRow, readIn } from '../../graphql/row-place.js';
import { ScopeRef } from '../scope/scope.types.js';
import { TeamRef } from '../team/team.types.js';
import { UserRef } from '../user/user.types.js';

export interface RoleHolder {
  readonly user: User | null;
  readonly team: Team | null;
  readonly scope: Scope | null;
}

/** A subject that holds a role at a scope. */
export const RoleHolderRef = builder.objectRef<RoleHolder>('RoleHolder').implement({
  description: 'A user or a team that holds a role at a scope.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'The user, if it is one and you may read them.',
      resolve: (holder) => holder.user,
    }),
    team: t.field({
      type: TeamRef,
      nullable: true,
      description: 'The team, if it is one and you may read it.',
      resolve: (holder) => holder.team,
    }),
    scope: t.field({
      type: ScopeRef,
      nullable: true,
      description: 'Where it is held, if you may read that scope.',
      resolve: (holder) => holder.scope,
    }),
  }),
});

const SELECT = {
  assignments: {
    select: { membership: { select: { id: true, user: true, team: true, scope: true } } },
  },
};

/** The holders of a role, of the memberships that the caller may read, oldest first. */
export async function loadHolders(
  row: { readonly id: string },
  context: Context,
): Promise<RoleHolder[]> {
  const place = placeOfRow(row, context);
  const role = await context.loaders.related('Role', SELECT, place).load(row.id);
  const assignments = (role?.assignments ?? []) as {
    membership: (RoleHolder & { id: string }) | null;
  }[];
  const holders = assignments.flatMap(({ membership }) =>
    membership === null ? [] : [membership],
  );
  for (const { user, team, scope } of holders) {
    readIn(
      [user, team, scope].filter((one) => one !== null),
      place,
    );
  }
  return holders.sort((a, b) => (a.id < b.id ? -1 : 1));
}
