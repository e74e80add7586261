import { atScope, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { PLACED_FIELDS } from '../executable.policy.js';

export const permissionPolicies = [
  definePolicy('Permission', {
    home: atScope,
    name: 'key',
    readsGlobalRows: true,
    actions: { read: managed('permission:read') },
    fields: {
      open: [
        ...PLACED_FIELDS,
        'resourceType',
        'action',
        'resourcePattern',
        'key',
        'label',
        'roles',
      ],
    },
  }),
];
