import { definePolicy } from '../../policy/define-policy.js';
import { allOf, via } from '../../policy/predicate.js';
import { bindingPolicy, executablePolicy, shadowPolicy } from '../executable.policy.js';

export const agentPolicies = [
  executablePolicy('Agent', 'agent', {
    cascadesBy: 'name',
    open: ['tools', 'delegates'],
    managed: ['instructions'],
  }),
  bindingPolicy('AgentRole', 'agent'),
  shadowPolicy('AgentShadow'),
  definePolicy('AgentTool', {
    actions: { read: allOf(via('agent'), via('workflow')) },
    fields: { open: ['agent', 'workflow'] },
  }),
  definePolicy('AgentDelegate', {
    actions: { read: allOf(via('agent'), via('delegate')) },
    fields: { open: ['agent', 'delegate'] },
  }),
];
