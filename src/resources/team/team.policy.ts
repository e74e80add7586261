import { atOrganizationRoot, definePolicy } from '../../policy/define-policy.js';
import { allOf, managed, via } from '../../policy/predicate.js';

export const teamPolicies = [
  definePolicy('Team', {
    home: atOrganizationRoot(),
    ownership: 'team',
    name: 'name',
    actions: { read: managed('team:read') },
    fields: {
      open: ['id', 'name', 'version', 'createdAt', 'updatedAt', 'organization', 'members'],
      managed: ['createdBy'],
    },
  }),
  definePolicy('TeamMember', {
    actions: { read: allOf(via('team'), via('user')) },
    fields: { open: ['team', 'user'] },
  }),
];
