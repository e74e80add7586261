import { sqlStateOf } from '../data/write/sqlstate.js';
import { badUserInput, conflict, isDomainError } from '../errors.js';

/** What the database says of a write that it refuses, by SQLSTATE. */
const REFUSALS: Readonly<Record<string, () => Error>> = {
  // unique_violation: a hidden row may hold the name (D14).
  '23505': () => conflict('the name is taken there'),
  // foreign_key_violation: what is referred to is gone, or what is deleted is still needed (D23).
  '23503': () => conflict('something still needs it, or what it needs is gone'),
  // exclusion_violation: a final config and one that overrides it (D5, D14).
  '23P01': () => conflict('a final config is not overridden'),
  // Rules about who administers (D4, D12, D18): 20261201000000_admin_life.
  HDO01: () => conflict('the organization is not active, and so nothing in it can be changed'),
  HDP01: () => conflict('nobody would be left who administers the platform'),
  HDP02: () => conflict('a provider organization can be neither deactivated nor deleted'),
  // Executions (D31, D32): 20261207000000_executions.
  HDX01: () => conflict('it has come to another state meanwhile'),
  HDX02: () => conflict('executions live there: they are deleted by retention alone'),
  // check_violation: a rule of the model. INVARIANT: its detail shows the row and is told to nobody.
  '23514': () => badUserInput('this breaks a rule of what is stored'),
};

/** An error as a caller may see it, where it is one that the database is expected to make. */
export function refusalOf(error: unknown): unknown {
  if (isDomainError(error)) return error;
  const state = sqlStateOf(error);
  const refusal = state === undefined ? undefined : REFUSALS[state];
  return refusal === undefined ? error : refusal();
}
