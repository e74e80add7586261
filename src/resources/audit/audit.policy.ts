import { internalPolicy } from '../executable.policy.js';

export const auditPolicies = [
  internalPolicy('AuditEntry', 'who may read the record is not decided yet (D19)'),
];
