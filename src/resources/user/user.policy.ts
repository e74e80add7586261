import { atOrganizationRoot, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { internalPolicy } from '../executable.policy.js';

export const userPolicies = [
  definePolicy('User', {
    home: atOrganizationRoot(),
    ownership: 'user',
    name: 'name',
    actions: { read: managed('user:read') },
    fields: {
      open: [
        'id',
        'email',
        'name',
        'isActive',
        'isPlatformAdmin',
        'version',
        'createdAt',
        'updatedAt',
        'organization',
      ],
    },
  }),
  internalPolicy('UserIdentity', 'who signs in as whom is for the identity room alone'),
];
