import { atOrganizationRoot, definePolicy } from '../../policy/define-policy.js';
import { allOf, managed, via } from '../../policy/predicate.js';

export const scopeTypePolicies = [
  definePolicy('ScopeType', {
    home: atOrganizationRoot(),
    name: 'name',
    readsGlobalRows: true,
    actions: { read: managed('scopeType:read') },
    fields: {
      open: [
        'id',
        'name',
        'permissionMode',
        'version',
        'createdAt',
        'updatedAt',
        'organization',
        'children',
        'parents',
      ],
    },
  }),
  definePolicy('ScopeTypeEdge', {
    actions: { read: allOf(via('parentType'), via('childType')) },
    fields: { open: ['parentType', 'childType'] },
  }),
];
