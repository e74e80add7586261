import { reason } from '../../commands/checks/text.js';
import { badInput } from '../../errors.js';
import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation, type InputBuilder } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { writableOf } from '../../graphql/writable-of.js';
import { membership } from './membership.js';
import { changeRoles, type Ending } from './roles.js';

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
  apiKey: t.one('apiKey'),
  virtualKey: t.one('virtualKey'),
  scope: t.one('scope'),
  roles: t.many('roles'),
}));

defineRoots(membership);

defineCommands(membership, ['create', 'update', 'delete']);

const writable = writableOf(membership);

/** Until when a role is assigned, and why (D48). */
const endingFields = (t: InputBuilder) => ({
  expiresAt: t.field({
    type: 'DateTime',
    required: false,
    description:
      'From then on they count for nothing (D48); omitted or null, they do not end by themselves.',
  }),
  reason: t.string({ required: false, description: 'Why, for whoever reads it later.' }),
});

function endingIn(input: Readonly<Record<string, unknown>>): Ending {
  const because = (input.reason ?? null) as string | null;
  const issues = reason(because).map((issue) => ({ ...issue, path: ['reason', ...issue.path] }));
  if (issues.length > 0) throw badInput(issues);
  return { expiresAt: (input.expiresAt ?? null) as Date | null, reason: because };
}

for (const [name, change, description] of [
  [
    'assignRoles',
    'assign',
    'Puts roles on a membership, or lets those that are on it end another time; needs the permission to update it, to assign each role there, and to hold there oneself all that they carry (D21).',
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
      ...(change === 'assign' ? endingFields(t) : {}),
    }),
    run: async (session, input) => {
      const given = input.roles as string[];
      const ending = endingIn(input);
      return [await changeRoles(session, writable, namedIn(input), { given, change, ending })];
    },
  });
}
