import pg from 'pg';
import { type Contestant, USER_HEADER, type Variables } from '../contestants/contestant.js';
import { benchId, organizationId, type PersonName, scopeId, WIDE } from '../data/world.js';

/** Far above the ids that the bulk data have. */
const FIRST = 0xca11_0000_0000;
const MOST = 10_000;
/** The first of the projects that only this organization has. */
const FIRST_PROJECT = 29;
/** Author, as `manyGrants` holds it: reads forms, workflows, roles and configs with OWN_DATA. */
const ROLE = benchId('role', WIDE * 10_000 + 1);

const callerId = (memberships: number): string => benchId('user', FIRST + memberships);

/** Whoever is named in its place: the benchmark's people have no such caller among them. */
export const STAND_IN: PersonName = 'manyGrants';

/** The contestant, asked by the caller with so many memberships. */
export function askedBy(memberships: number, contestant: Contestant): Contestant {
  return {
    ...contestant,
    comparedFor: [STAND_IN],
    request(...question) {
      const request = contestant.request(...question);
      return { ...request, headers: { ...request.headers, [USER_HEADER]: callerId(memberships) } };
    },
  };
}

/**
 * Puts a user for each number into the organization WIDE, a member of so many of its projects, and
 * returns what takes them out again. Triggers are on, and keep what governs a membership. Nobody whom
 * the benchmark asks as may read users or memberships there, so that they see no difference.
 */
export async function addCallers(
  databaseUrl: string,
  numbers: readonly number[],
): Promise<() => Promise<void>> {
  const remove = () => change(databaseUrl, removeAll);
  await change(databaseUrl, async (client) => {
    await removeAll(client);
    for (const number of numbers) await add(client, number);
  });
  return remove;
}

async function add(client: pg.Client, memberships: number): Promise<void> {
  const organization = organizationId(WIDE);
  const user = callerId(memberships);
  const projects = Array.from({ length: memberships }, (_, nth) => FIRST_PROJECT + nth);
  const ids = projects.map((project) =>
    benchId('membership', FIRST + memberships * MOST + project),
  );
  await client.query(
    `INSERT INTO "user" (id, email, name, organization_id) VALUES ($1, $2, $3, $4)`,
    [user, `caller-${memberships}@bench.example`, `Caller ${memberships}`, organization],
  );
  await client.query(
    `INSERT INTO membership (id, scope_id, organization_id, user_id)
     SELECT id, scope_id, $3, $4 FROM unnest($1::uuid[], $2::uuid[]) m (id, scope_id)`,
    [ids, projects.map((project) => scopeId(WIDE, project)), organization, user],
  );
  await client.query(
    'INSERT INTO role_assignment (membership_id, role_id) SELECT unnest($1::uuid[]), $2',
    [ids, ROLE],
  );
}

/** Also what a run that was broken off has left. */
async function removeAll(client: pg.Client): Promise<void> {
  await client.query('DELETE FROM "user" WHERE id BETWEEN $1 AND $2', [
    callerId(0),
    callerId(MOST),
  ]);
}

async function change(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE) "user", membership, role_assignment');
  } finally {
    await client.end();
  }
}

/** The same questions where the callers are: one of their organization's forms, open as its workflow is. */
export async function inWide(databaseUrl: string, variables: Variables): Promise<Variables> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `SELECT f.id FROM form f JOIN workflow w ON w.id = f.workflow_id
       WHERE f.organization_id = $1 AND f.is_active AND f.access_level = 'AUTHENTICATED'
         AND w.is_active AND w.access_level = 'AUTHENTICATED'
       ORDER BY f.name, f.id LIMIT 1`,
      [organizationId(WIDE)],
    );
    const [form] = rows;
    if (form === undefined) throw new Error('the data have no open form where the callers are');
    return { ...variables, formId: form.id };
  } finally {
    await client.end();
  }
}
