import { bindingPolicy, executablePolicy, shadowPolicy } from '../executable.policy.js';

export const workflowPolicies = [
  executablePolicy('Workflow', 'workflow', {
    cascadesBy: 'name',
    open: ['parameters'],
    managed: ['endpoint'],
  }),
  bindingPolicy('WorkflowRole', 'workflow'),
  shadowPolicy('WorkflowShadow'),
];
