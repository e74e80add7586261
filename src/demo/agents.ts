import { type DemoUsable, REACH_USABLES, type RowReference } from './row.js';

export interface DemoAgent extends DemoUsable {
  /** Workflows that it may call. */
  readonly tools?: readonly RowReference[];
  /** Agents that it may delegate to. */
  readonly delegates?: readonly RowReference[];
}

export const AGENTS: readonly DemoAgent[] = [
  {
    at: 'platform',
    name: 'Concierge',
    tools: ['platform/Send Email', 'platform/Create Account'],
    delegates: ['platform/Researcher'],
  },
  // PRIVATE: nobody talks to it, other agents delegate to it (D6, D13).
  { at: 'platform', name: 'Researcher', access: 'PRIVATE', tools: ['platform/Send Email'] },
  { at: 'platform', name: 'Fire Warden', access: 'ROLE_BASED', roles: ['operator'] },
  { at: 'platform', name: 'Caretaker', access: 'ROLE_BASED' },

  {
    at: 'acme',
    name: 'Concierge',
    description: "Acme's own, with a tool that not everybody may use",
    tools: ['acme/Reimburse', 'acme/Pay Invoice', 'platform/Create Account'],
    delegates: ['acme/Ledger Keeper', 'platform/Researcher'],
  },
  { at: 'acme', name: 'Ledger Keeper', access: 'PRIVATE', tools: ['acme/Pay Invoice'] },
  { at: 'acme', name: 'Board Scribe', access: 'ROLE_BASED', roles: ['financeApprover'] },
  { at: 'acme', name: 'Quartermaster', access: 'ROLE_BASED' },
  { at: 'acme', name: 'Old Bot', inactive: true },
  {
    at: 'backend',
    name: 'Reviewer',
    access: 'ROLE_BASED',
    roles: ['deployer'],
    tools: ['backend/Deploy'],
    delegates: ['acme/Ledger Keeper'],
  },
  {
    at: 'frontend',
    name: 'Reviewer',
    access: 'ROLE_BASED',
    roles: ['deployer'],
    tools: ['frontend/Deploy'],
  },
  { at: 'engineering', name: 'Standup Scribe' },
  { at: 'backend-production', name: 'Pager', access: 'ROLE_BASED', roles: ['onCall'] },
  { at: 'crm', name: 'Lead Finder', tools: ['crm/Score Lead'] },
  {
    at: 'compliance',
    name: 'Investigator',
    access: 'ROLE_BASED',
    by: 'vera',
    tools: ['compliance/Seal Evidence'],
  },
  ...REACH_USABLES,

  { at: 'globex', name: 'Safety Inspector', tools: ['reactor/Vent Steam'] },
  { at: 'initech', name: 'Efficiency Expert', tools: ['tps/Collate'] },
  { at: 'hooli', name: 'Nucleus' },
];
