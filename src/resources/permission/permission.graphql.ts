import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { permission } from './permission.js';

defineType(permission, (t) => ({
  ...t.traits(),
  key: t.column('key'),
  resourceType: t.column('resourceType'),
  action: t.column('action'),
  resourcePattern: t.column('resourcePattern'),
  label: t.column('label'),
  condition: t.column('condition'),
  roles: t.many('roles'),
}));

defineRoots(permission);

defineCommands(permission, ['create', 'update', 'delete']);
