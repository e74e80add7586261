// What the tables of rows are written with.
import type { AccessLevel } from '../policy/vocabulary.js';
import { demoId } from './demo-id.js';
import type { PersonKey, TeamKey } from './people.js';
import type { PlaceKey } from './places.js';
import type { RoleKey } from './roles.js';

/** What all kinds of rows have. `name` is what cascades: of a config its key, of an app its slug. */
export interface DemoRow {
  readonly at: PlaceKey;
  readonly name: string;
  readonly description?: string;
  /** Creator and owner; absent: the owner of the organization. Null: nobody. */
  readonly by?: PersonKey | null;
  readonly owner?: PersonKey | null;
  readonly team?: TeamKey;
  readonly inactive?: true;
}

/** A row that somebody can use. An unknown level is there to be denied (D6). */
export interface DemoUsable extends DemoRow {
  readonly access?: AccessLevel | 'EVERYONE' | null;
  readonly roles?: readonly RoleKey[];
}

/** A row of the demo world: `place/name`. */
export type RowReference = `${PlaceKey}/${string}`;

export type RowKind = 'form' | 'workflow' | 'agent' | 'app' | 'config';

/** The id of a row, as in `demoRowId('form', 'acme/Onboarding')`. */
export function demoRowId(kind: RowKind, row: RowReference): string {
  return demoId(kind, row);
}

/**
 * Rows that nobody may use, so that each is read by those alone whose grants reach it (D7). They are
 * made once for each kind of row.
 */
export const REACH_ROWS: readonly DemoRow[] = [
  { at: 'acme', name: 'reach/own', by: 'owen', description: 'Created and owned by Owen' },
  { at: 'acme', name: 'reach/created', by: 'owen', owner: 'alice', description: 'Created by Owen' },
  { at: 'acme', name: 'reach/owned', by: 'alice', owner: 'owen', description: 'Owned by Owen' },
  { at: 'acme', name: 'reach/desk-crew', by: null, team: 'deskCrew', description: "Owen's team's" },
  { at: 'acme', name: 'reach/lead', by: 'tess', description: 'Created and owned by Tess' },
  { at: 'acme', name: 'reach/teammate', by: 'timo', description: 'Created and owned by Timo' },
  { at: 'backend', name: 'reach/backend', by: 'timo', description: "Timo's, in a project" },
  {
    at: 'acme',
    name: 'reach/field-crew',
    by: null,
    team: 'fieldCrew',
    description: "Tess's team's",
  },
  { at: 'acme', name: 'reach/stranger', by: 'alice', description: 'Created and owned by Alice' },
  { at: 'acme', name: 'reach/legacy', by: null, description: 'From before rows had owners' },
  { at: 'compliance', name: 'reach/vault', by: 'owen', description: "Owen's, beyond the boundary" },
];

/** The same, as rows that only their managers can reach: bound to no role. */
export const REACH_USABLES: readonly DemoUsable[] = REACH_ROWS.map((row) => ({
  ...row,
  access: 'ROLE_BASED',
}));
