import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
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
