import { changeLinks } from '../../commands/change-links.js';
import { reason } from '../../commands/checks/text.js';
import { linkedBy } from '../../commands/writable.js';
import { badInput } from '../../errors.js';
import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation, type InputBuilder } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { pageArguments } from '../../graphql/list.js';
import { writableOf } from '../../graphql/writable-of.js';
import { AssignmentConnection, resolveAssignments } from './assignments.graphql.js';
import { membership } from './membership.js';

defineType(membership, (t) => ({
  ...t.traits(),
  expiresAt: t.column('expiresAt'),
  reason: t.column('reason'),
  isExpired: t.computed({
    type: 'Boolean',
    nullable: false,
    reads: ['expiresAt'],
    meaning: { kind: 'ended', column: 'expiresAt' },
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
  assignments: t.computed({
    type: AssignmentConnection,
    nullable: false,
    args: pageArguments(t.arguments),
    reads: ['expiresAt'],
    description: 'The same roles, each with until when it is there and why (D48).',
    resolve: (membership, args, context, info) =>
      resolveAssignments(args, membership, context, info),
  }),
}));

defineRoots(membership);

defineCommands(membership, ['create', 'update', 'delete']);

const writable = writableOf(membership);
const assigned = { part: 'roles', input: 'roles', by: linkedBy(writable, 'roles') } as const;

/** When an assignment ends by itself, if it does, and why it was made (D48). */
interface Ending {
  readonly expiresAt: Date | null;
  readonly reason: string | null;
}

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

for (const [action, change, description] of [
  [
    'assignRoles',
    'link',
    'Puts roles on a membership, or lets those that are on it end another time; needs the permission to update it, to assign each role there, and to hold there oneself all that they carry (D21).',
  ],
  ['unassignRoles', 'unlink', 'Takes roles from a membership.'],
] as const) {
  defineMutation(action, {
    resource: membership,
    action,
    description,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'membership'),
      roles: t.idList({ required: true, description: 'The roles; others stay.' }),
      ...(change === 'link' ? endingFields(t) : {}),
    }),
    run: async (session, input) => {
      const columns = { ...endingIn(input) };
      const linking = { ...assigned, action, change, columns, given: input.roles as string[] };
      return [await changeLinks(session, writable, namedIn(input), linking)];
    },
  });
}
