import type { Policy } from '../policy/define-policy.js';
import { agentPolicies } from './agent/agent.policy.js';
import { appPolicies } from './app/app.policy.js';
import { auditPolicies } from './audit/audit.policy.js';
import { configPolicies } from './config/config.policy.js';
import { formPolicies } from './form/form.policy.js';
import { keyPolicies } from './key/key.policy.js';
import { membershipPolicies } from './membership/membership.policy.js';
import { organizationPolicies } from './organization/organization.policy.js';
import { permissionPolicies } from './permission/permission.policy.js';
import { rolePolicies } from './role/role.policy.js';
import { scopePolicies } from './scope/scope.policy.js';
import { scopeTypePolicies } from './scope-type/scope-type.policy.js';
import { teamPolicies } from './team/team.policy.js';
import { userPolicies } from './user/user.policy.js';
import { workflowPolicies } from './workflow/workflow.policy.js';

/** The registry: every model's policy. One that is missing here keeps the gateway from starting. */
export const policies: readonly Policy[] = [
  ...organizationPolicies,
  ...userPolicies,
  ...teamPolicies,
  ...scopeTypePolicies,
  ...scopePolicies,
  ...rolePolicies,
  ...permissionPolicies,
  ...membershipPolicies,
  ...formPolicies,
  ...workflowPolicies,
  ...agentPolicies,
  ...appPolicies,
  ...configPolicies,
  ...keyPolicies,
  ...auditPolicies,
];
