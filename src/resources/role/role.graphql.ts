import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { writableOf } from '../../graphql/writable-of.js';
import { changePermissions } from './carrying.js';
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

for (const [name, change, description] of [
  [
    'attachPermissions',
    'attach',
    'Gives permissions to a role; needs the permission to update it, and to hold them oneself with its reach where it is defined and wherever it is held (D21).',
  ],
  ['detachPermissions', 'detach', 'Takes permissions from a role.'],
] as const) {
  defineMutation(name, {
    resource: role,
    action: name,
    description,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'role'),
      permissions: t.idList({ required: true, description: 'The permissions; others stay.' }),
    }),
    run: async (session, input) => {
      const given = input.permissions as string[];
      return [await changePermissions(session, writable, namedIn(input), given, change)];
    },
  });
}
