import pg from 'pg';
import { LARGE, MADE, organizationId, PEOPLE, scopeId, userId, WRITTEN } from './world.js';

/** So many that two requests at once seldom change the same one. */
const TARGETS = 256;
const PLATFORM_ROOT = '00000000-0000-7000-8000-000000000001';

/** Forms to be changed; the first list is what is measured. */
export type Targets = readonly [string[], ...string[][]];

/** Plants forms for a run to change: of who asks for all, of `own`, and of the platform. */
export async function plantTargets(databaseUrl: string): Promise<Targets> {
  return withClient(databaseUrl, async (client) => {
    await sweep(client);
    const plant = async (count: number, owner: string | null, organization: string | null) => {
      const scope = organization === null ? PLATFORM_ROOT : scopeId(LARGE, 0);
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO form (id, name, organization_id, scope_id, created_by_id, owner_id)
         SELECT gen_random_uuid(), '${WRITTEN}' || gen_random_uuid(), $1, $2, $3, $3
         FROM generate_series(1, $4::int) RETURNING id`,
        [organization, scope, owner, count],
      );
      return rows.map(({ id }) => id);
    };
    const { all, own } = PEOPLE;
    const organization = organizationId(LARGE);
    return [
      await plant(TARGETS, userId(all.organization, all.person), organization),
      await plant(1, userId(own.organization, own.person), organization),
      await plant(1, null, null),
    ];
  });
}

/** Takes away what was made, and not what is there to be changed. */
export async function sweepMade(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, (client) => sweep(client, MADE));
}

/** Takes away what was made and changed. What was recorded of it stays: the record forgets nothing. */
export async function sweepTargets(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, (client) => sweep(client));
}

async function sweep(client: pg.Client, named: string = WRITTEN): Promise<void> {
  await client.query('DELETE FROM form WHERE starts_with(name, $1)', [named]);
}

async function withClient<T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
