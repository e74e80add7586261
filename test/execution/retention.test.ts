import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { retainExecutions, retainFirings } from '../../src/data/execution-retention.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { World } from '../data/world.js';
import { freshDatabase } from '../support/database.js';
import { executionRow } from './rows.js';

let db: Database;
let of: Parameters<typeof executionRow>[0];
beforeAll(async () => {
  db = await freshDatabase();
  const world = new World(db);
  const organizationId = await world.organization('A');
  const scopeId = rootScopeId(organizationId);
  const userId = await world.user(organizationId);
  const workflowId = await world.at('workflow', organizationId, scopeId);
  of = { organizationId, scopeId, userId, workflowId };
});
afterAll(() => db.close());

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

/** One that ended so many days ago, or has not, put there past every rule. */
async function planted(endedDaysAgo: number | null, values: object = {}): Promise<string> {
  const ended =
    endedDaysAgo === null ? {} : { status: 'SUCCEEDED', finished_at: daysAgo(endedDaysAgo) };
  return db.sql.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    const world = new World({ ...db, sql: { ...db.sql, query: tx.query.bind(tx) } });
    return world.insert('execution', { ...executionRow(of), ...ended, ...values });
  });
}

/** One that another has launched. */
const below = (rootId: string, endedDaysAgo: number | null): Promise<string> =>
  planted(endedDaysAgo, { parent_id: rootId, root_id: rootId, depth: 1 });

const kept = async (): Promise<string[]> =>
  (await db.sql.query<{ id: string }>('SELECT id::text FROM execution ORDER BY id')).map(
    ({ id }) => id,
  );

it('D31: what ended long ago goes, whole trees, and nothing else', async () => {
  const old = await planted(40);
  await below(old, 35);
  const log = {
    execution_id: old,
    attempt: 1,
    seq: 1,
    level: 'INFO',
    message: 'm',
    at: new Date(),
  };
  await new World(db).insert('execution_log', { id: randomUUID(), ...log });
  const lately = await planted(20);
  const waiting = await planted(null);
  const half = await planted(40);
  const child = await below(half, 3);
  const again = await planted(40);
  const retry = await planted(2, { retry_of_id: again });
  for (let n = 0; n < 5; n += 1) await planted(31);

  expect(await retainExecutions(db.sql, { days: 30, dryRun: true })).toBe(7);
  expect(await kept()).toHaveLength(13);
  const told: number[] = [];
  const progress = (gone: number) => void told.push(gone);
  expect(await retainExecutions(db.sql, { days: 30, dryRun: false, progress, atOnce: 2 })).toBe(7);
  expect(told.length).toBeGreaterThan(2);
  expect(told.at(-1)).toBe(7);
  expect(await kept()).toEqual([lately, waiting, half, child, again, retry].sort());
  expect(await db.sql.query('SELECT FROM execution_log')).toEqual([]);
  const entries = await db.sql.query<{ reason: string }>(
    `SELECT reason FROM audit_entry WHERE action = 'execution:retain' ORDER BY id`,
  );
  expect(entries).toHaveLength(told.length);
  expect(entries[0]?.reason).toMatch(/^deleted \d that ended over 30 days ago$/);

  // And again, with nothing to do.
  expect(await retainExecutions(db.sql, { days: 30, dryRun: false })).toBe(0);
  expect(await retainExecutions(db.sql, { days: 1, dryRun: false })).toBe(5);
  expect(await kept()).toEqual([waiting]);
});

it('D31: nobody else deletes them', async () => {
  await planted(40);
  await expect(db.sql.query('DELETE FROM execution')).rejects.toThrow('by retention alone');
});

it('D36: due times of long ago go, but none that a schedule has yet to fire at', async () => {
  const at = { organization_id: of.organizationId, scope_id: of.scopeId, owner_id: of.userId };
  const said = { name: 's', cron: '* * * * *', timezone: 'UTC', workflow_id: of.workflowId };
  const id = randomUUID();
  await new World(db).insert('schedule', { id, ...said, ...at, next_at: daysAgo(50) });
  for (const days of [60, 55, 51, 50, 49, 10]) {
    await new World(db).insert('schedule_firing', {
      ...{ schedule_id: id, due_at: daysAgo(days), outcome: 'LAUNCHED' },
    });
  }
  await db.sql.query('UPDATE schedule SET next_at = $1 WHERE id = $2', [daysAgo(50.5), id]);
  expect(await retainFirings(db.sql, { days: 30, dryRun: true })).toBe(3);
  expect(await retainFirings(db.sql, { days: 30, dryRun: false, atOnce: 2 })).toBe(3);
  expect(await retainFirings(db.sql, { days: 30, dryRun: false })).toBe(0);
  await db.sql.query('UPDATE schedule SET next_at = now() WHERE id = $1', [id]);
  expect(await retainFirings(db.sql, { days: 30, dryRun: false })).toBe(2);
  expect(await db.sql.query('SELECT FROM schedule_firing')).toHaveLength(1);
});
