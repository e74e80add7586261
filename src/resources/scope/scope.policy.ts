import { atParentScope, atScope, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';

export const scopePolicies = [
  // A scope is read by rights at its parent (model §2). An organization's root has none inside the
  // tenant: like the organization itself it lives at itself.
  definePolicy('Scope', {
    home: atParentScope,
    name: 'name',
    actions: { read: managed('scope:read') },
    fields: {
      open: [
        'id',
        'externalId',
        'name',
        'meta',
        'version',
        'createdAt',
        'updatedAt',
        'type',
        'parent',
        'children',
        'organization',
      ],
    },
  }),
  definePolicy('ScopeOverride', {
    home: atScope,
    actions: { read: managed('scopeOverride:read') },
    fields: {
      open: ['id', 'state', 'version', 'createdAt', 'updatedAt', 'scope', 'role', 'permission'],
    },
  }),
];
