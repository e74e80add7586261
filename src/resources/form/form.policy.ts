import { bindingPolicy, executablePolicy, shadowPolicy } from '../executable.policy.js';

export const formPolicies = [
  executablePolicy('Form', 'form', { cascadesBy: 'name', open: ['fields', 'workflow'] }),
  bindingPolicy('FormRole', 'form'),
  shadowPolicy('FormShadow'),
];
