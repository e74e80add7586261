import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { organization } from './organization.js';

defineType(organization, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  domain: t.column('domain'),
  isActive: t.column('isActive'),
  isProvider: t.column('isProvider'),
  settings: t.column('settings'),
  rootScope: t.rowById('Scope', {
    reads: ['id'],
    description: 'The root of its scopes, which has an id of its own (D1), if you may read it.',
    idOf: (row) => rootScopeId(row.id),
  }),
  scopes: t.many('scopes'),
  users: t.many('users'),
  teams: t.many('teams'),
}));

defineRoots(organization);

defineCommands(organization, ['create', 'update', 'delete']);
