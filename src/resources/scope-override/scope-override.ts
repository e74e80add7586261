import { open, related } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atScope } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { edited } from '../traits/index.js';

resource('ScopeOverride', {
  resource: 'scopeOverride',
  noun: 'scope override',
  description: 'Switches a permission, a role, or one permission of one role, at a scope (D9).',
  traits: [edited],
  home: atScope,
  columns: { state: open('enabled or disabled.') },
  relations: {
    scope: related('Where it switches.'),
    role: related('The role that it switches.'),
    permission: related('The permission that it switches.'),
  },
  actions: {
    read: managed('scopeOverride:read'),
    create: managed('scopeOverride:create'),
    update: managed('scopeOverride:update'),
    delete: managed('scopeOverride:delete'),
  },
});
