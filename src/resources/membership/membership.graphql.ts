import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { writableOf } from '../../graphql/writable-of.js';
import { membership } from './membership.js';
import { changeRoles } from './roles.js';

defineType(membership, (t) => ({
  ...t.traits(),
  expiresAt: t.column('expiresAt'),
  reason: t.column('reason'),
  isExpired: t.computed({
    type: 'Boolean',
    nullable: false,
    reads: ['expiresAt'],
    description: "Whether it has ended, by the database's clock, and so counts for nothing (D48).",
    resolve: async ({ expiresAt }, _args, { readClock }) =>
      expiresAt !== null && expiresAt <= (await readClock()),
  }),
  user: t.one('user'),
  team: t.one('team'),
  scope: t.one('scope'),
  roles: t.many('roles'),
}));

defineRoots(membership);

defineCommands(membership, ['create', 'delete']);

const writable = writableOf(membership);

for (const [name, change, description] of [
  [
    'assignRoles',
    'assign',
    'Puts roles on a membership; needs the permission to update it, to assign each role there, and to hold there oneself all that they carry (D21).',
  ],
  ['unassignRoles', 'unassign', 'Takes roles from a membership.'],
] as const) {
  defineMutation(name, {
    resource: membership,
    action: name,
    description,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'membership'),
      roles: t.idList({ required: true, description: 'The roles; others stay.' }),
    }),
    run: async (session, input) => {
      const given = input.roles as string[];
      return [await changeRoles(session, writable, namedIn(input), given, change)];
    },
  });
}
