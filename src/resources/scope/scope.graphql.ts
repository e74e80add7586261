import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { scope } from './scope.js';
import { defineScopeByExternalId } from './scope-queries.js';

defineType(scope, (t) => ({
  ...t.traits(),
  externalId: t.column('externalId'),
  name: t.column('name'),
  meta: t.column('meta'),
  type: t.one('type'),
  organization: t.one('organization'),
  parent: t.one('parent'),
  ancestors: t.rowsById('Scope', {
    reads: ['path'],
    description: 'The scopes above that you may read, the nearest first.',
    idsOf: (row) => row.path.slice(1),
  }),
  children: t.many('children'),
  members: t.many('memberships'),
  roles: t.many('roles'),
  permissions: t.many('permissions'),
  forms: t.many('forms'),
  workflows: t.many('workflows'),
  agents: t.many('agents'),
  apps: t.many('apps'),
  configs: t.many('configs'),
}));

defineRoots(scope);
defineScopeByExternalId();
