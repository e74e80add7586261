import { type DemoUsable, REACH_USABLES } from './row.js';

export const WORKFLOWS: readonly DemoUsable[] = [
  { at: 'platform', name: 'Create Account' },
  { at: 'platform', name: 'Send Email' },
  { at: 'platform', name: 'Deploy' },
  { at: 'platform', name: 'Emergency Shutdown', access: 'ROLE_BASED', roles: ['operator'] },
  { at: 'platform', name: 'Wipe Tenant', access: 'ROLE_BASED' },

  { at: 'playground', name: 'Send Thanks' },

  { at: 'acme', name: 'Reimburse' },
  { at: 'acme', name: 'Send Email', description: "Acme's own, through its own mail server" },
  { at: 'acme', name: 'Pay Invoice', access: 'ROLE_BASED', roles: ['financeApprover'] },
  { at: 'acme', name: 'Publish Release', access: 'ROLE_BASED', roles: ['releaseManager'] },
  { at: 'acme', name: 'Nightly Export', inactive: true },
  { at: 'acme', name: 'Rotate Keys', access: 'ROLE_BASED' },
  { at: 'engineering', name: 'Provision' },
  { at: 'backend', name: 'Deploy', access: 'ROLE_BASED', roles: ['deployer'] },
  { at: 'backend-production', name: 'Deploy', access: 'ROLE_BASED', roles: ['onCall'] },
  { at: 'frontend', name: 'Deploy', access: 'ROLE_BASED', roles: ['deployer'] },
  { at: 'crm', name: 'Score Lead' },
  { at: 'compliance', name: 'Seal Evidence', access: 'ROLE_BASED', by: 'vera' },
  ...REACH_USABLES,

  { at: 'globex', name: 'Send Email' },
  { at: 'reactor', name: 'Vent Steam' },
  { at: 'tps', name: 'Collate' },
  { at: 'hooli', name: 'Compress' },
];
