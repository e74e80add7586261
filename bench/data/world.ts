/**
 * What the bulk data are made of. Everything is computed from numbers, so that two loads of one
 * size are the same rows, and the programs know ids without asking.
 */

/** Counts up whenever the same size would give other rows. */
export const DATA_VERSION = 4;

export interface Size {
  /** Forms and workflows together, half each. */
  readonly rows: number;
  readonly organizations: number;
  /** Into how many the large tables are partitioned by organization; undefined: they are whole. */
  readonly partitions?: number;
}

export const DEFAULT_ROWS = 100_000;
export const DEFAULT_ORGANIZATIONS = 100;
export const USERS_PER_ORGANIZATION = 10;

/** Organizations 1, 2 and 3 have a tenth of the rows each. */
export const LARGE = 1;
/** Here nearly everything is bound to a role that none of the principals holds. */
export const SEALED = 2;
/** A thousand projects more, in each of which two of the users are members. */
export const WIDE = 3;
export const WIDE_PROJECTS = 1000;

/** Numbers of kinds in ids. */
export const KIND = {
  organization: 1,
  scope: 2,
  user: 3,
  team: 4,
  role: 5,
  membership: 6,
  scopeType: 7,
  form: 8,
  workflow: 9,
  config: 10,
  identity: 11,
} as const;

/** The id of the n-th row of a kind; the SQL function bench_id gives the same. */
export function benchId(kind: keyof typeof KIND, n: number): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `0193${hex(KIND[kind], 4)}-0000-7000-8000-${hex(n, 12)}`;
}

export const organizationId = (organization: number): string =>
  benchId('organization', organization);

/** Scope 0 of an organization is its root, whose id is the organization's as a UUIDv8 (D1). */
export const scopeId = (organization: number, scope: number): string =>
  scope === 0
    ? organizationId(organization).replace('-7000-', '-8000-')
    : benchId('scope', organization * 10_000 + scope);

export const userId = (organization: number, person: number): string =>
  benchId('user', organization * 100 + person);

export const userEmail = (organization: number, person: number): string =>
  `p${person}@o${organization}.bench.example`;

export const databaseName = ({ rows, organizations, partitions }: Size): string =>
  [
    `heimdall_bench_${rows}`,
    ...(organizations === DEFAULT_ORGANIZATIONS ? [] : [`o${organizations}`]),
    ...(partitions === undefined ? [] : [`p${partitions}`]),
  ].join('_');

/** With what the names of all forms begin that are made by measuring, and of those that it changes. */
export const WRITTEN = 'zz bench ';

/** What forms are called that are made in a run: each contestant begins without those of the others. */
export const MADE = `${WRITTEN}made `;

/** Who asks. `person` is the user's number in its organization. */
export interface Person {
  readonly name: string;
  readonly organization: number;
  readonly person: number;
  readonly holds: string;
}

export const PEOPLE = {
  ordinary: { organization: LARGE, person: 1, holds: 'one role that rows are bound to, no grant' },
  own: { organization: LARGE, person: 2, holds: 'read and write with OWN_DATA' },
  team: { organization: LARGE, person: 3, holds: 'read and write with TEAM_DATA' },
  all: { organization: LARGE, person: 4, holds: 'read and write with ALL_DATA' },
  admin: { organization: LARGE, person: 10, holds: 'platform admin' },
  sealedOrdinary: { organization: SEALED, person: 1, holds: 'ordinary, where few rows are open' },
  sealedOwn: { organization: SEALED, person: 2, holds: 'OWN_DATA, where few rows are open or own' },
  sealedTeam: { organization: SEALED, person: 3, holds: 'TEAM_DATA, where few rows are open' },
  manyGrants: { organization: WIDE, person: 8, holds: '1,000 memberships with one role' },
  manyRoles: { organization: WIDE, person: 9, holds: '1,000 memberships, each with its own role' },
} as const satisfies Record<string, Omit<Person, 'name'>>;

export type PersonName = keyof typeof PEOPLE;
