import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { vectorOf } from '../../src/data/write/authority.js';
import { PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import { RANDOM_WORLD } from '../identity/random-world.js';
import { freshDatabase } from '../support/database.js';
import { CHANGES, COMPARED } from './authority-changes.js';
import { rootOf } from './authority-races.js';
import { World } from './world.js';

let db: Database;
let world: World;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
});
afterAll(() => db.close());

/** What the random world has disabled, as it was. */
const TRIGGERS_AGAIN = `
DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT tgrelid::regclass AS relation, tgname AS name,
      CASE WHEN tgname LIKE '%\\_authority\\_%' THEN 'ALWAYS' ELSE '' END AS how
    FROM pg_trigger WHERE tgenabled = 'D'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.relation, t.how, t.name);
  END LOOP;
END $$`;

interface Change {
  readonly who: string;
  readonly unnoticed: boolean;
}

describe('D18: the same versions are the same authority', () => {
  beforeAll(() => db.sql.script(`${RANDOM_WORLD};${COMPARED}`));

  it.each([2, 6])(
    'whatever is changed by SQL, in world %i',
    async (seed) => {
      await world.rows('SELECT random_world($1)', seed);
      await db.sql.script(TRIGGERS_AGAIN);
      // What was written past the triggers is not known.
      await db.sql.script('SELECT heimdall_authority_anew(); SELECT compared()');
      const counts = { refused: 0, changed: 0, of: new Set<string>() };
      for (let step = 0; step < CHANGES.length; step++) {
        const change = CHANGES[step] ?? '';
        let changed: Change[];
        try {
          changed = await db.sql.transaction(async (tx) => {
            // It is read in the same transaction, and nobody misses it after a crash.
            await tx.script('SET LOCAL synchronous_commit = off');
            await tx.query('SELECT setseed($1)', [
              ((seed * 7_919 + step * 104_729) % 20_011) / 20_011,
            ]);
            await tx.query(change);
            return tx.query<Change>('SELECT * FROM compared()');
          });
        } catch (error) {
          // What a rule refuses, what there is already, or what there is none of, changed nothing.
          expect((error as Error).message).toMatch(
            /^D\d+|_check|duplicate key|foreign key|null value/,
          );
          counts.refused++;
          continue;
        }
        expect(
          changed.filter(({ unnoticed }) => unnoticed),
          change,
        ).toEqual([]);
        counts.changed += changed.length;
        if (changed.length > 0) counts.of.add(change);
      }
      expect(counts.of.size).toBeGreaterThan(CHANGES.length / 4);
      expect(counts.changed).toBeGreaterThan(50);
    },
    300_000,
  );
});

describe('D18: what a principal is read from', () => {
  /** The tables that stand in the body of a function. */
  async function tablesReadBy(name: string): Promise<string[]> {
    const rows = await world.rows<{ name: string }>(
      `SELECT DISTINCT c.relname AS name FROM pg_proc p
       CROSS JOIN LATERAL regexp_matches(p.prosrc, '(?:FROM|JOIN)\\s+"?([a-z_]+)"?', 'g') m (found)
       JOIN pg_class c ON c.relname = m.found[1] AND c.relkind IN ('r', 'p')
         AND c.relnamespace = current_schema()::regnamespace
       WHERE p.proname = $1 ORDER BY 1`,
      name,
    );
    return rows.map((row) => row.name);
  }

  it('is registered, whole tables of it, and raises versions however it is written', async () => {
    const read = [
      ...(await tablesReadBy('heimdall_principal')),
      ...(await tablesReadBy('heimdall_holdings')),
      ...(await tablesReadBy('heimdall_team_principal')),
    ];
    expect(read).toEqual(
      expect.arrayContaining(['membership', 'permission', 'role_assignment', 'scope', 'user']),
    );
    read.push(
      ...(await tablesReadBy('heimdall_team_members')),
      ...(await tablesReadBy('heimdall_vector')),
    );
    const sources = await world.rows<{ name: string; operations: string[] }>(
      `SELECT name, operations || '{TRUNCATE}' AS operations FROM heimdall_authority_source ORDER BY name`,
    );
    const expected = new Set(read);
    expected.delete('authority');
    expect(sources.map(({ name }) => name)).toEqual([...expected].sort());

    const triggers = await world.rows<{ name: string; operations: string[] }>(
      `SELECT c.relname AS name, array_agg(upper(regexp_replace(t.tgname, '.*_authority_', ''))) AS operations
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE t.tgname LIKE '%\\_5\\_authority\\_%' AND t.tgenabled = 'A' GROUP BY 1 ORDER BY 1`,
    );
    const sorted = (rows: typeof sources) =>
      rows.map(({ name, operations }) => [name, [...operations].sort()]);
    expect(sorted(triggers)).toEqual(sorted(sources));
  });

  it('is decided for every column: it counts or it does not', async () => {
    const undecided = await world.rows(
      `SELECT table_name, column_name FROM information_schema.columns
       JOIN heimdall_authority_source s ON s.name = table_name
       WHERE table_schema = current_schema() AND column_name <> ALL (s.counts || s.ignores)`,
    );
    // A migration that adds a column says heimdall_registers_authority again.
    expect(undecided).toEqual([]);
  });

  it('is registered by migrations alone', async () => {
    await expect(world.rows('DELETE FROM heimdall_authority_source')).rejects.toThrow(/^D18/);
  });

  it('raises nothing where nobody holds anything yet', async () => {
    const a = await world.organization();
    const before = await world.rows('SELECT * FROM authority ORDER BY 1');
    const user = await world.user(a);
    const scope = await world.scope(a);
    await world.at('form', a, scope);
    await world.at('role', a, scope);
    await world.at('permission', a, scope);
    await world.at('api_key', a, scope);
    await world.insert('user_identity', {
      id: randomUUID(),
      user_id: user,
      issuer: 'i',
      subject: user,
    });
    await world.rows(`UPDATE "user" SET name = 'another' WHERE id = $1`, user);
    await world.rows(`UPDATE scope SET name = 'another', meta = '{"a": 1}' WHERE id = $1`, scope);
    await world.rows(`UPDATE organization SET name = 'another' WHERE id = $1`, a);
    await world.rows('DELETE FROM scope WHERE false');
    expect(await world.rows('SELECT * FROM authority ORDER BY 1')).toEqual(before);
  });
});

describe('D18: the versions', () => {
  const versions = async () => {
    const rows = await world.rows<{ id: string; version: string }>(
      'SELECT organization_id AS id, version FROM authority ORDER BY 1',
    );
    return new Map(rows.map(({ id, version }) => [id, version]));
  };

  it('are one for each organization and one for the platform', async () => {
    const a = await world.organization();
    const ids = await world.rows<{ id: string }>(
      'SELECT id::text FROM organization UNION ALL SELECT $1 ORDER BY 1',
      PLATFORM_ROOT_ID,
    );
    expect([...(await versions()).keys()]).toEqual(ids.map(({ id }) => id));
    await world.rows('DELETE FROM organization WHERE id = $1', a);
    expect((await versions()).has(a)).toBe(false);
  });

  it('are raised where skipping triggers was asked for, and all of them by TRUNCATE', async () => {
    const [a, b] = [await world.organization(), await world.organization()];
    const user = await world.user(a);
    const before = await versions();
    await db.sql.transaction(async (tx) => {
      await tx.script('SET LOCAL session_replication_role = replica');
      await tx.query('UPDATE "user" SET is_platform_admin = true WHERE id = $1', [user]);
    });
    const skipped = await versions();
    expect(skipped.get(a)).not.toBe(before.get(a));
    expect(skipped.get(b)).toBe(before.get(b));
    await db.sql.script('TRUNCATE role_assignment');
    const truncated = await versions();
    for (const [id, version] of truncated) expect(version).not.toBe(skipped.get(id));
    await db.sql.script('SELECT heimdall_authority_anew()');
    for (const [id, version] of await versions()) expect(version).not.toBe(truncated.get(id));
  });

  it('of an organization that has none, which only who disables triggers can make, are never the same', async () => {
    const a = await world.organization();
    const userId = await world.user(a);
    await world.rows('DELETE FROM authority WHERE organization_id = $1', a);
    const { organizationIds, versions: read } = await vectorOf(db.client, { userId });
    expect(organizationIds).toContain(a);
    const [current] = await world.rows<{ is: boolean }>(
      'SELECT heimdall_is_current($1::uuid[], $2::uuid[]) AS is',
      organizationIds,
      read,
    );
    expect(current?.is).toBe(false);
    await db.sql.script('SELECT heimdall_authority_anew()');
  });
});

describe('D18: the vector', () => {
  /** Somebody of `home`, in a team of `other`, which holds a role in a third one and at the platform root. */
  async function somebody() {
    const [home, other, third] = [
      await world.organization(),
      await world.organization(),
      await world.organization(),
    ];
    const userId = await world.user(home);
    const team = randomUUID();
    await world.insert('team', {
      id: team,
      name: team,
      organization_id: other,
      created_by_id: userId,
    });
    await world.insert('team_member', { team_id: team, user_id: userId });
    const holds = async (scope: string, organization: string | null) => {
      const id = randomUUID();
      const place = { scope_id: scope, organization_id: organization };
      await world.insert('membership', { id, team_id: team, ...place });
      await world.insert('role_assignment', { membership_id: id, role_id: SYSTEM_ROLES.Owner });
      return id;
    };
    const membership = await holds(await rootOf(world, third), third);
    await holds(PLATFORM_ROOT_ID, null);
    return { userId, team, membership, third, elsewhere: await world.organization() };
  }
  type Somebody = Awaited<ReturnType<typeof somebody>>;

  it.each<[string, (of: Somebody) => Promise<unknown>]>([
    [
      'they move to another organization',
      ({ userId, elsewhere }) =>
        world.rows('UPDATE "user" SET organization_id = $2 WHERE id = $1', userId, elsewhere),
    ],
    [
      'they become a member elsewhere',
      async ({ userId, elsewhere }) =>
        world.insert('membership', {
          id: randomUUID(),
          user_id: userId,
          scope_id: await rootOf(world, elsewhere),
          organization_id: elsewhere,
        }),
    ],
    [
      'their team loses a role in a third organization',
      ({ membership }) =>
        world.rows('DELETE FROM role_assignment WHERE membership_id = $1', membership),
    ],
    ['their team is deleted', ({ team }) => world.rows('DELETE FROM team WHERE id = $1', team)],
    [
      'what they hold at the platform is switched off there',
      async () => world.at('scope_override', null, null, { role_id: SYSTEM_ROLES.Owner }),
    ],
    [
      'what they hold in a third organization is switched off there',
      async ({ third }) =>
        world.at('scope_override', third, await rootOf(world, third), {
          role_id: SYSTEM_ROLES.Owner,
        }),
    ],
  ])('is another when %s', async (_what, change) => {
    const of = await somebody();
    const { organizationIds, versions } = await vectorOf(db.client, of);
    const current = async () =>
      world.row(
        'SELECT heimdall_is_current($1::uuid[], $2::uuid[]) AS is',
        organizationIds,
        versions,
      );
    expect(await current()).toEqual({ is: true });
    await change(of);
    expect(await current()).toEqual({ is: false });
  });

  it('of a key has what its owner, its team and the key itself hang on', async () => {
    const [a, b, c, d] = [
      await world.organization(),
      await world.organization(),
      await world.organization(),
      await world.organization(),
    ];
    const owner = await world.user(a);
    const join = async (organization: string, subject: object) =>
      world.insert('membership', {
        id: randomUUID(),
        scope_id: await rootOf(world, organization),
        organization_id: organization,
        ...subject,
      });
    await join(b, { user_id: owner });
    const team = randomUUID();
    await world.insert('team', { id: team, name: team, organization_id: a, created_by_id: owner });
    await join(c, { team_id: team });
    const owned = await world.at('api_key', a, await rootOf(world, a), { owner_id: owner });
    const ofTeam = await world.at('virtual_key', a, await rootOf(world, a), { team_id: team });
    const alone = await world.at('api_key', d, await rootOf(world, d));
    await join(d, { api_key_id: alone });
    const of = async (holder: Parameters<typeof vectorOf>[1]) =>
      [...(await vectorOf(db.client, holder)).organizationIds].sort();
    const platform = PLATFORM_ROOT_ID;
    expect(await of({ userId: owner })).toEqual([platform, a, b].sort());
    expect(await of({ apiKeyId: owned })).toEqual([platform, a, b].sort());
    expect(await of({ virtualKeyId: ofTeam })).toEqual([platform, a, c].sort());
    expect(await of({ apiKeyId: alone })).toEqual([platform, d].sort());
    await world.insert('team_member', { team_id: team, user_id: owner });
    expect(await of({ apiKeyId: owned })).toEqual([platform, a, b, c].sort());
  });
});
