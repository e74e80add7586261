import { type DemoUsable, REACH_USABLES, type RowReference } from './row.js';

export interface DemoForm extends DemoUsable {
  readonly workflow?: RowReference;
}

const GLOBAL: readonly DemoForm[] = [
  { at: 'platform', name: 'Onboarding', workflow: 'platform/Create Account' },
  { at: 'platform', name: 'Support Ticket', workflow: 'platform/Send Email' },
  { at: 'platform', name: 'Incident Report' },
  { at: 'platform', name: 'Time Off' },
  { at: 'platform', name: 'Emergency Stop', access: 'ROLE_BASED', roles: ['operator'] },
  { at: 'platform', name: 'Platform Maintenance', access: 'ROLE_BASED' },
  { at: 'platform', name: 'Retired Survey', inactive: true },
];

const PLAYGROUND: readonly DemoForm[] = [
  { at: 'playground', name: 'Survey', workflow: 'playground/Send Thanks' },
  { at: 'lab', name: 'Experiment', by: 'emil' },
];

const ACME: readonly DemoForm[] = [
  // Shadows the global one for everybody, also for those who may not use this one (D2).
  { at: 'acme', name: 'Onboarding', access: 'ROLE_BASED', roles: ['financeApprover'] },
  { at: 'acme', name: 'Time Off', inactive: true },
  { at: 'acme', name: 'Expense Claim', workflow: 'acme/Reimburse' },
  // Open to everybody, while the workflow that it launches is not (D13).
  { at: 'acme', name: 'Large Expense Claim', workflow: 'acme/Pay Invoice' },
  {
    at: 'acme',
    name: 'Invoice Approval',
    access: 'ROLE_BASED',
    roles: ['financeApprover'],
    workflow: 'acme/Pay Invoice',
  },
  { at: 'acme', name: 'Release Sign-off', access: 'ROLE_BASED', roles: ['releaseManager'] },
  {
    at: 'acme',
    name: 'Budget Freeze',
    access: 'ROLE_BASED',
    roles: ['financeApprover', 'releaseManager'],
  },
  { at: 'acme', name: 'Operator Checklist', access: 'ROLE_BASED', roles: ['operator'] },
  { at: 'acme', name: 'Board Minutes', access: 'ROLE_BASED' },
  {
    at: 'acme',
    name: 'Everyone Form',
    access: 'EVERYONE',
    description: 'An unknown level: denied',
  },
  { at: 'acme', name: 'Form Without Level', access: null, description: 'No level: denied' },
];

const ACME_SCOPES: readonly DemoForm[] = [
  { at: 'engineering', name: 'Incident Report' },
  { at: 'engineering', name: 'Architecture Review', access: 'ROLE_BASED' },
  { at: 'backend', name: 'Incident Report', access: 'ROLE_BASED', roles: ['deployer'] },
  {
    at: 'backend',
    name: 'Deploy Request',
    access: 'ROLE_BASED',
    roles: ['deployer'],
    workflow: 'backend/Deploy',
  },
  {
    at: 'frontend',
    name: 'Deploy Request',
    access: 'ROLE_BASED',
    roles: ['deployer'],
    workflow: 'frontend/Deploy',
  },
  { at: 'backend-production', name: 'Hotfix', access: 'ROLE_BASED', roles: ['onCall'] },
  { at: 'backend-staging', name: 'Smoke Test' },
  { at: 'frontend', name: 'Design Review' },
  { at: 'sales', name: 'Quarter Plan', access: 'ROLE_BASED' },
  { at: 'crm', name: 'Lead Intake', workflow: 'crm/Score Lead' },
  { at: 'crm', name: 'Discount Approval', access: 'ROLE_BASED' },
  // Open to everybody: a boundary stops grants and roles, not the access level AUTHENTICATED.
  { at: 'compliance', name: 'Whistleblower Report', by: 'vera' },
  // Roles that are held at Acme's root do not pass the boundary.
  {
    at: 'compliance',
    name: 'Vault Access',
    access: 'ROLE_BASED',
    roles: ['financeApprover'],
    by: 'vera',
  },
  { at: 'investigations', name: 'Case File', access: 'ROLE_BASED', by: 'vera' },
];

/** Names that patterns and text filters could mistake for others (D10). */
const ODD_NAMES: readonly DemoForm[] = [
  { at: 'acme', name: 'billing/Refund', access: 'ROLE_BASED' },
  { at: 'acme', name: 'billing/Dispute', access: 'ROLE_BASED' },
  { at: 'crm', name: 'billing/Quote', access: 'ROLE_BASED' },
  { at: 'acme', name: 'billing', access: 'ROLE_BASED' },
  { at: 'acme', name: 'billingx/Trap', access: 'ROLE_BASED' },
  { at: 'acme', name: 'Billing/Refund', access: 'ROLE_BASED' },
  { at: 'acme', name: '100%_done' },
  { at: 'acme', name: '100 and done' },
  { at: 'acme', name: 'back\\slash' },
  { at: 'acme', name: 'onboarding', description: 'Another name than Onboarding' },
  { at: 'acme', name: 'Straße 🚲 Ærlig 申請' },
];

/** For the pattern `owned`: what Oona owns, what she merely created, and what is nobody's. */
const OWNED: readonly DemoForm[] = [
  { at: 'acme', name: "Oona's Notebook", access: 'ROLE_BASED', by: 'oona' },
  { at: 'acme', name: 'Handed to Oona', access: 'ROLE_BASED', by: 'alice', owner: 'oona' },
  { at: 'acme', name: 'Written by Oona', access: 'ROLE_BASED', by: 'oona', owner: 'alice' },
];

const ELSEWHERE: readonly DemoForm[] = [
  { at: 'asgard', name: 'Guest List' },
  { at: 'globex', name: 'Onboarding' },
  { at: 'globex', name: 'Payroll', access: 'ROLE_BASED', roles: ['globexFinanceApprover'] },
  { at: 'globex', name: 'Board Minutes', access: 'ROLE_BASED' },
  { at: 'reactor', name: 'Meltdown Report', workflow: 'reactor/Vent Steam' },
  { at: 'initech', name: 'Cover Sheet' },
  { at: 'initech', name: 'Layoffs', access: 'ROLE_BASED' },
  { at: 'tps', name: 'TPS Report', workflow: 'tps/Collate' },
  { at: 'hooli', name: 'Signature Box' },
];

/** Enough of them that lists have pages. */
const REQUESTS: readonly DemoForm[] = Array.from({ length: 60 }, (_, index) => ({
  at: 'acme',
  name: `Request ${String(index + 1).padStart(3, '0')}`,
  workflow: 'platform/Send Email',
}));

export const FORMS: readonly DemoForm[] = [
  ...GLOBAL,
  ...ACME,
  ...PLAYGROUND,
  ...ACME_SCOPES,
  ...ODD_NAMES,
  ...OWNED,
  ...REACH_USABLES,
  ...ELSEWHERE,
  ...REQUESTS,
];
