import { type DemoRow, REACH_ROWS } from './row.js';

type JsonValue = string | number | boolean | { readonly [key: string]: JsonValue };

/** Their `name` is the key. */
export interface DemoConfig extends DemoRow {
  readonly value: JsonValue;
  readonly isFinal?: true;
}

export const CONFIGS: readonly DemoConfig[] = [
  { at: 'platform', name: 'timezone', value: 'UTC' },
  { at: 'platform', name: 'smtp_server', value: 'smtp.asgard.example' },
  { at: 'platform', name: 'support_email', value: 'help@asgard.example' },
  { at: 'platform', name: 'max_upload_mb', value: 50, isFinal: true },
  { at: 'platform', name: 'log_level', value: 'info' },

  { at: 'acme', name: 'timezone', value: 'America/New_York' },
  { at: 'acme', name: 'smtp_server', value: 'smtp.acme.example' },
  { at: 'backend-production', name: 'smtp_server', value: 'smtp-production.acme.example' },
  { at: 'crm', name: 'timezone', value: 'Europe/Oslo' },
  { at: 'engineering', name: 'log_level', value: 'debug' },
  { at: 'backend-production', name: 'log_level', value: 'warn' },
  { at: 'backend-staging', name: 'feature_flags', value: { newCheckout: true, darkMode: false } },
  { at: 'frontend', name: 'feature_flags', value: { newCheckout: false, darkMode: true } },
  // Final: nothing below Acme's root may override it (D5).
  { at: 'acme', name: 'password_policy', value: { minimum: 14 }, isFinal: true },
  { at: 'acme', name: 'maintenance_mode', value: false },
  { at: 'acme', name: 'fax_number', value: '+1 555 0100', inactive: true },
  { at: 'acme', name: 'oona/shortcuts', value: { save: 'ctrl+s' }, by: 'oona' },
  { at: 'compliance', name: 'retention_years', value: 10, by: 'vera' },
  { at: 'compliance', name: 'timezone', value: 'Europe/Zurich', by: 'vera' },

  { at: 'acme', name: 'billing/currency', value: 'USD' },
  { at: 'acme', name: 'billing/tax_rate', value: 0.08 },
  { at: 'crm', name: 'billing/currency', value: 'NOK' },
  { at: 'acme', name: 'billing', value: 'the prefix alone is another name' },
  { at: 'acme', name: 'billingx/currency', value: 'EUR' },
  { at: 'acme', name: '100%_done', value: true },
  { at: 'acme', name: '100 and done', value: true },
  { at: 'acme', name: 'back\\slash', value: 'C:\\temp' },
  { at: 'acme', name: 'grüße/挨拶', value: 'こんにちは' },
  ...REACH_ROWS.map((row) => ({ ...row, value: row.name })),

  { at: 'asgard', name: 'bridge', value: 'rainbow' },
  { at: 'globex', name: 'timezone', value: 'America/Chicago' },
  { at: 'globex', name: 'billing/currency', value: 'USD' },
  { at: 'reactor', name: 'core_limit', value: 451 },
  { at: 'initech', name: 'timezone', value: 'America/Denver' },
  { at: 'tps', name: 'cover_sheet', value: true },
  { at: 'hooli', name: 'timezone', value: 'America/Los_Angeles' },
  { at: 'playground', name: 'timezone', value: 'Europe/Berlin' },
  { at: 'playground', name: 'greeting', value: 'Hello' },
  { at: 'lab', name: 'greeting', value: 'Hello from the Lab', by: 'emil' },
];
