import { atOrganizationRoot, definePolicy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';

/** An organization lives at its own root (model §2). */
export const organizationPolicies = [
  definePolicy('Organization', {
    home: atOrganizationRoot('id'),
    name: 'name',
    actions: { read: managed('organization:read') },
    fields: {
      open: [
        'id',
        'name',
        'domain',
        'isActive',
        'isProvider',
        'settings',
        'version',
        'createdAt',
        'updatedAt',
      ],
    },
  }),
];
