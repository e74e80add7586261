import { atScope, definePolicy } from '../../policy/define-policy.js';
import { allOf, managed, via } from '../../policy/predicate.js';
import { PLACED_FIELDS } from '../executable.policy.js';

export const rolePolicies = [
  definePolicy('Role', {
    home: atScope,
    name: 'name',
    readsGlobalRows: true,
    actions: { read: managed('role:read') },
    fields: {
      open: [...PLACED_FIELDS, 'name', 'description', 'dataAccess', 'isSystem', 'permissions'],
      managed: ['assignments'],
    },
  }),
  definePolicy('RolePermission', {
    actions: { read: allOf(via('role'), via('permission')) },
    fields: { open: ['role', 'permission'] },
  }),
  definePolicy('RoleAssignment', {
    actions: { read: allOf(via('role'), via('membership')) },
    fields: { open: ['role', 'membership'] },
  }),
];
