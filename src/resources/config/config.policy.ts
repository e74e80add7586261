import { atScope, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { OWNERSHIP_FIELDS, PLACED_FIELDS, shadowPolicy } from '../executable.policy.js';

export const configPolicies = [
  // A config has no access level: reading it is managing it (D17).
  definePolicy('Config', {
    home: atScope,
    ownership: 'owned',
    name: 'key',
    cascadesBy: 'key',
    readsGlobalRows: true,
    actions: { read: managed('config:read') },
    fields: {
      open: [...PLACED_FIELDS, 'key', 'description', 'type', 'isFinal', 'isActive'],
      managed: OWNERSHIP_FIELDS,
      // INVARIANT: an encrypted value leaves by revealing alone (D16). `value` can be selected,
      // for the database holds it null on a SECRET, but neither filtered nor sorted by (D15).
      sealed: ['ciphertext'],
    },
  }),
  shadowPolicy('ConfigShadow'),
];
