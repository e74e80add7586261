import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../graphql/builder.js';
import { type ConnectionShape, connectionType, type PageArgs } from '../../graphql/connection.js';
import { refOf } from '../../graphql/refs.js';
import { type Linked, resolveLinked, toMany } from '../../graphql/related-pages.js';
import type { RowOf } from '../../graphql/types.js';
import type { Context } from '../../request/context.js';

/** A role on a membership, with until when it is there and why (D48). */
type Assignment = Linked<Pick<RowOf<'Membership'>, 'id' | 'expiresAt'>>;

const endOf = ({ link }: Assignment) => link.expiresAt as Date | null;

const AssignmentRef = builder.objectRef<Assignment>('RoleAssignment').implement({
  description: 'A role on a membership: until when it is there, and why.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    role: t.field({
      type: refOf('Role'),
      nullable: false,
      description: 'The role.',
      resolve: ({ row }) => row as RowOf<'Role'>,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'From then on it counts for nothing; null: it does not end before its membership (D48).',
      resolve: endOf,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it was given, as whoever gave it says.',
      resolve: ({ link }) => link.reason as string | null,
    }),
    isExpired: t.boolean({
      nullable: false,
      description:
        "Whether it has ended, itself or with its membership, by the database's clock, and so counts for nothing (D48).",
      resolve: async (assignment, _args, { readClock }) => {
        const ends = [endOf(assignment), assignment.from.expiresAt].filter((end) => end !== null);
        if (ends.length === 0) return false;
        const now = await readClock();
        return ends.some((end) => end <= now);
      },
    }),
  }),
});

/** A page of assignments. */
export const AssignmentConnection = connectionType('RoleAssignment', AssignmentRef);

const ROLES = toMany('Membership', 'roles', 'role');
const COLUMNS = ['expiresAt', 'reason'] as const;

/** The roles on a membership, of those that the caller may read, each with what is said of it there. */
export const resolveAssignments = (
  args: PageArgs,
  membership: Assignment['from'],
  context: Context,
  info: GraphQLResolveInfo,
): ConnectionShape<Assignment> => resolveLinked(ROLES, COLUMNS, args, membership, context, info);
