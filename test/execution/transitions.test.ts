import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { MOVERS, TRANSITIONS } from '../../src/execution/transitions.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { EXECUTION_STATUSES } from '../../src/policy/vocabulary.js';
import { World } from '../data/world.js';
import { freshDatabase } from '../support/database.js';
import { executionRow } from './rows.js';

let db: Database;
let world: World;
let of: Parameters<typeof executionRow>[0];
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  const organizationId = await world.organization('A');
  const scopeId = rootScopeId(organizationId);
  const userId = await world.user(organizationId);
  const workflowId = await world.at('workflow', organizationId, scopeId);
  of = { organizationId, scopeId, userId, workflowId };
});
afterAll(() => db.close());

const HAS_LEASE = {
  attempt: 1,
  lease_hash: 'h',
  lease_expires_at: new Date(),
  timeout_at: new Date(),
  worker_key_id: randomUUID(),
  started_at: new Date(),
};
const IS_LIVE = ['QUEUED', 'RUNNING', 'CANCELLING'];

/** A row in a state, put there past every rule. */
function planted(status: string, values: object = {}): Promise<string> {
  return db.sql.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    return new World({ ...db, sql: { ...db.sql, query: tx.query.bind(tx) } }).insert('execution', {
      ...executionRow(of),
      status,
      ...(status === 'QUEUED' ? {} : HAS_LEASE),
      ...(IS_LIVE.includes(status) ? {} : { finished_at: new Date() }),
      ...values,
    });
  });
}

/** The state that a move would bring it to, with all that belongs to it: nothing else is refused. */
async function moved(id: string, from: string, to: string, by: string): Promise<boolean> {
  const sets = [
    `status = '${to}'`,
    `moved_by = '${by}'`,
    `finished_at = ${IS_LIVE.includes(to) ? 'NULL' : 'now()'}`,
    `late = ${from === 'FAILED' && ['SUCCEEDED', 'FAILED'].includes(to)}`,
    ...(to === 'RUNNING' ? ['attempt = attempt + 1'] : []),
    ...(to === 'RUNNING' || to === 'CANCELLING'
      ? [
          "lease_hash = 'h'",
          'lease_expires_at = now()',
          'timeout_at = now()',
          'started_at = now()',
          'worker_key_id = id',
        ]
      : []),
  ];
  try {
    await world.rows(`UPDATE execution SET ${sets.join(', ')} WHERE id = '${id}'`);
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/D32: /);
    return false;
  }
}

const allowed = (from: string | null, to: string, by: string): boolean =>
  TRANSITIONS.some((one) => one.from === from && one.to === to && one.by === by);

describe('D32: the database lets an execution come to another state as the table says', () => {
  it.each(EXECUTION_STATUSES.flatMap((from) => MOVERS.map((by) => [from, by] as const)))(
    'from %s by %s',
    async (from, by) => {
      for (const to of EXECUTION_STATUSES) {
        const failed = from === 'FAILED' ? { error_code: 'LEASE_LOST' } : {};
        const id = await planted(from, failed);
        // Where nothing is changed nothing is refused: to stay is no transition, but for a late result.
        if (from === to && from !== 'FAILED') continue;
        const expected = allowed(from, to, by);
        expect([from, to, by, await moved(id, from, to, by)]).toEqual([from, to, by, expected]);
      }
    },
  );

  it('and begins as launched, and in no other way', async () => {
    for (const status of EXECUTION_STATUSES) {
      for (const by of MOVERS) {
        const values = {
          status,
          moved_by: by,
          ...(status === 'QUEUED' ? {} : HAS_LEASE),
          ...(IS_LIVE.includes(status) ? {} : { finished_at: new Date() }),
        };
        const made = world.insert('execution', { ...executionRow(of), ...values });
        if (allowed(null, status, by)) await made;
        else await expect(made).rejects.toThrow(/D32: an execution begins QUEUED/);
      }
    }
  });
});

describe('D32: what the states alone do not say', () => {
  const set = (id: string, what: string) =>
    world.rows(`UPDATE execution SET ${what} WHERE id = '${id}'`);

  it('what failed otherwise is not finished late, and what was finished late is not once more', async () => {
    const late = "status = 'SUCCEEDED', moved_by = 'worker', late = true";
    const failed = await planted('FAILED', { error_code: 'BROKEN' });
    await expect(set(failed, late)).rejects.toThrow(/only what lost its lease/);
    const lost = await planted('FAILED', { error_code: 'LEASE_LOST' });
    await set(lost, "moved_by = 'worker', late = true");
    await expect(set(lost, late)).rejects.toThrow(/D32: /);
    const running = await planted('RUNNING');
    const finished = `${late}, finished_at = now()`;
    await expect(set(running, finished)).rejects.toThrow(/only what lost its lease/);
  });

  it('what came of it stays as it is', async () => {
    const id = await planted('SUCCEEDED', { result: '1' });
    for (const what of [
      "result = '2'",
      "reason = 'another'",
      'attempt = 2',
      "error_code = 'x'",
      "finished_at = now() + interval '1 second'",
      "lease_hash = 'other'",
      "moved_by = 'reaper'",
    ]) {
      await expect(set(id, what)).rejects.toThrow(/D32: this of an execution changes with/);
    }
  });

  it('an attempt is a claim, and is given back by a worker alone', async () => {
    const running = await planted('RUNNING');
    const requeued = "status = 'QUEUED', released = 1";
    await expect(set(running, `${requeued}, moved_by = 'reaper'`)).rejects.toThrow(
      /an attempt is a claim/,
    );
    await expect(
      set(running, "status = 'QUEUED', moved_by = 'worker', attempt = 0"),
    ).rejects.toThrow(/an attempt is a claim/);
    await set(running, `${requeued}, moved_by = 'worker'`);
  });

  it('a heartbeat changes the lease and what the worker says of its progress', async () => {
    const id = await planted('RUNNING');
    await set(id, "lease_expires_at = now(), progress = '1'");
  });
});

describe('D31: an execution is never edited', () => {
  it.each([
    'input = \'{"other": 1}\'',
    "kind = 'DATA_PROVIDER'",
    'created_by_id = NULL',
    'parent_id = id',
    'target_version = 9',
    "launcher_kind = 'API_KEY'",
    "queue = 'other'",
    'max_attempts = 9',
  ])('%s', async (what) => {
    const id = await planted('QUEUED');
    await expect(world.rows(`UPDATE execution SET ${what} WHERE id = '${id}'`)).rejects.toThrow(
      /D31: an execution is never edited/,
    );
  });

  it('nor deleted, but with its organization and by retention', async () => {
    const id = await planted('SUCCEEDED');
    const remove = `DELETE FROM execution WHERE id = '${id}'`;
    await expect(world.rows(remove)).rejects.toThrow(/D31: executions are deleted by retention/);
    await db.sql.transaction(async (tx) => {
      await tx.query("SELECT set_config('heimdall.retaining', 'on', true)");
      await tx.query(remove);
    });
    expect(await world.rows(`SELECT FROM execution WHERE id = '${id}'`)).toEqual([]);
  });
});
