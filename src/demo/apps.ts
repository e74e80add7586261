import { type DemoUsable, REACH_USABLES } from './row.js';

/** Their `name` is the slug, by which apps cascade; the title is what they are called. */
export interface DemoApp extends DemoUsable {
  readonly title?: string;
}

export const APPS: readonly DemoApp[] = [
  { at: 'platform', name: 'launcher', title: 'Launcher' },
  { at: 'platform', name: 'status', title: 'Status Page' },
  {
    at: 'platform',
    name: 'control-room',
    title: 'Control Room',
    access: 'ROLE_BASED',
    roles: ['operator'],
  },
  { at: 'platform', name: 'back-office', title: 'Back Office', access: 'ROLE_BASED' },

  { at: 'acme', name: 'launcher', title: 'Acme Launcher' },
  {
    at: 'acme',
    name: 'finance-desk',
    title: 'Finance Desk',
    access: 'ROLE_BASED',
    roles: ['financeApprover'],
  },
  { at: 'acme', name: 'boardroom', title: 'Boardroom', access: 'ROLE_BASED' },
  { at: 'acme', name: 'fax', title: 'Fax', inactive: true },
  {
    at: 'backend',
    name: 'launcher',
    title: 'Backend Launcher',
    access: 'ROLE_BASED',
    roles: ['deployer'],
  },
  {
    at: 'frontend',
    name: 'launcher',
    title: 'Frontend Launcher',
    access: 'ROLE_BASED',
    roles: ['deployer'],
  },
  { at: 'engineering', name: 'runbooks', title: 'Runbooks' },
  {
    at: 'backend-production',
    name: 'console',
    title: 'Production Console',
    access: 'ROLE_BASED',
    roles: ['onCall'],
  },
  { at: 'backend-staging', name: 'console', title: 'Staging Console' },
  { at: 'crm', name: 'pipeline', title: 'Pipeline' },
  {
    at: 'compliance',
    name: 'evidence-room',
    title: 'Evidence Room',
    access: 'ROLE_BASED',
    by: 'vera',
  },
  ...REACH_USABLES,

  { at: 'globex', name: 'launcher', title: 'Globex Launcher' },
  { at: 'initech', name: 'printer', title: 'Printer' },
  { at: 'hooli', name: 'search', title: 'Search' },
];
