import { bindingPolicy, executablePolicy, shadowPolicy } from '../executable.policy.js';

export const appPolicies = [
  executablePolicy('App', 'app', { cascadesBy: 'slug', open: ['slug', 'bundle'] }),
  bindingPolicy('AppRole', 'app'),
  shadowPolicy('AppShadow'),
];
