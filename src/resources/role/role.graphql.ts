import { changeLinks } from '../../commands/change-links.js';
import { linkedBy } from '../../commands/writable.js';
import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { writableOf } from '../../graphql/writable-of.js';
import { role } from './role.js';

defineType(role, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  description: t.column('description'),
  dataAccess: t.column('dataAccess'),
  isSystem: t.column('isSystem'),
  definedAt: t.one('scope', { deprecated: 'The same as `scope`.' }),
  permissions: t.many('permissions'),
  holders: t.many('assignments'),
}));

defineRoots(role);

defineCommands(role, ['create', 'update', 'delete']);

const writable = writableOf(role);
const carried = {
  part: 'permissions',
  input: 'permissions',
  by: linkedBy(writable, 'permissions'),
} as const;

for (const [action, change, description] of [
  [
    'attachPermissions',
    'link',
    'Gives permissions to a role; needs the permission to update it, and to hold them oneself with its reach where it is defined and wherever it is held (D21).',
  ],
  ['detachPermissions', 'unlink', 'Takes permissions from a role.'],
] as const) {
  defineMutation(action, {
    resource: role,
    action,
    description,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'role'),
      permissions: t.idList({ required: true, description: 'The permissions; others stay.' }),
    }),
    run: async (session, input) => {
      const linking = { ...carried, action, change, given: input.permissions as string[] };
      return [await changeLinks(session, writable, namedIn(input), linking)];
    },
  });
}
