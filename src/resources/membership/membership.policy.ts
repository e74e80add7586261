import { atScope, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';

export const membershipPolicies = [
  // A scope's members are managed by rights at the scope itself (model §2).
  definePolicy('Membership', {
    home: atScope,
    actions: { read: managed('membership:read') },
    fields: { open: ['id', 'createdAt', 'scope', 'user', 'team', 'assignments'] },
  }),
];
