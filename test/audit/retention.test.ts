import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeAuditPartitions, retainAudit } from '../../src/data/audit-retention.js';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { World } from '../support/world.js';

let db: Database;
beforeEach(async () => {
  await db?.close();
  db = await freshDatabase();
});
afterAll(() => db.close());

const rows = <Row = Record<string, unknown>>(text: string, ...params: unknown[]) =>
  db.sql.query<Row>(text, params);

/** The partition of an entry that was made at this moment. */
async function partOf(moment: string): Promise<{ id: string; part: string; at: Date }> {
  const [row] = await rows<{ id: string; part: string; at: Date }>(
    `INSERT INTO audit_entry (id, actor_kind, actor_label, is_switched, action, resource_type, outcome)
     SELECT (left(heimdall_id_from($1::text::timestamptz)::text, 14) || right(heimdall_next_id()::text, 22))::uuid,
       'SYSTEM', 'x', false, 'form:update', 'form', 'PERMITTED'
     RETURNING id, tableoid::regclass::text AS part, at`,
    moment,
  );
  if (row === undefined) throw new Error('nothing was written');
  return row;
}

const partitions = async () =>
  (
    await rows<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass ORDER BY 1`,
    )
  ).map(({ name }) => name);

/** `YYYYMM` of the month so many months ago. */
async function month(ago: number): Promise<string> {
  const [row] = await rows<{ m: string }>(
    `SELECT to_char((now() AT TIME ZONE 'UTC') - make_interval(months => $1::int), 'YYYYMM') AS m`,
    ago,
  );
  return row?.m ?? '';
}

const day = (yyyymm: string, time: string) => `${yyyymm.slice(0, 4)}-${yyyymm.slice(4)}-${time}`;

describe('D19: a partition a month', () => {
  it('ends with the last millisecond of the month in UTC, wherever the session is', async () => {
    const [last, next] = [await month(0), await month(-1)];
    await rows(`SET TIME ZONE 'Pacific/Kiritimati'`);
    const end = `${day(next, '01')}T00:00:00Z`;
    const lastMoment = new Date(Date.parse(end) - 1).toISOString();
    expect(await partOf(lastMoment)).toMatchObject({
      part: `audit_entry_${last}`,
      at: new Date(lastMoment),
    });
    expect(await partOf(end)).toMatchObject({ part: `audit_entry_${next}`, at: new Date(end) });
  });

  it('what finds none lands in the rest, and is moved as it is', async () => {
    const old = await partOf('2024-02-29T23:59:59.999Z');
    const later = await partOf('2024-03-01T00:00:00Z');
    expect([old.part, later.part]).toEqual(['audit_entry_rest', 'audit_entry_rest']);
    const before = await rows('SELECT * FROM audit_entry ORDER BY id');
    const done = await retainAudit(db.sql, { months: 1200, dryRun: false });
    expect(done).toMatchObject({ moved: 2, dropped: [] });
    expect(await rows('SELECT * FROM audit_entry ORDER BY id')).toEqual(before);
    expect(await rows('SELECT FROM audit_entry_rest')).toEqual([]);
    const parts = await partitions();
    expect(parts).toContain('audit_entry_202402');
    expect(parts).toContain('audit_entry_202403');
    expect((await partOf('2024-02-15T12:00:00Z')).part).toBe('audit_entry_202402');
    await expect(rows('DELETE FROM audit_entry_rest')).rejects.toThrow(/^D19/);
  });

  it('keeps who reached an entry when it was made, though it is moved later', async () => {
    const world = new World(db.client, 'test');
    const acme = await world.organization('Acme');
    const type = await world.scopeType(acme, 'MERGE');
    const scope = await world.scope(acme, 'Scope', type);
    await rows(
      `INSERT INTO audit_entry (id, organization_id, scope_id, actor_kind, actor_label, is_switched, action,
         resource_type, outcome)
       VALUES ('018d0000-0000-7000-8000-000000000000', $1, $2, 'SYSTEM', 'x', false, 'form:update', 'form', 'PERMITTED')`,
      ...[acme.id, scope.id],
    );
    await db.client.scopeType.update({
      where: { id: type.id },
      data: { permissionMode: 'DEFINE' },
    });
    expect(await retainAudit(db.sql, { months: 1200, dryRun: false })).toMatchObject({ moved: 1 });
    const [entry] = await rows<{ governed_by: string[] }>('SELECT governed_by FROM audit_entry');
    expect(entry?.governed_by).toContain(scope.id);
    expect(entry?.governed_by).toHaveLength(2);
  });

  it('those to come are made once, also by several at once', async () => {
    expect(await makeAuditPartitions(db.sql)).toEqual([]);
    for (const name of await partitions()) {
      if (name !== 'audit_entry_rest') await rows(`DROP TABLE ${name}`);
    }
    const made = await Promise.all([1, 2, 3].map(() => makeAuditPartitions(db.sql)));
    expect(made.flat().sort()).toEqual([
      `audit_entry_${await month(0)}`,
      `audit_entry_${await month(-1)}`,
      `audit_entry_${await month(-2)}`,
    ]);
  });

  it('an entry of this month in the rest keeps nothing from going on', async () => {
    await rows(`DROP TABLE audit_entry_${await month(0)}`);
    const [now] = await rows<{ now: string }>('SELECT now()::text AS now');
    expect((await partOf(now?.now ?? '')).part).toBe('audit_entry_rest');
    expect(await makeAuditPartitions(db.sql)).toEqual([]);
    await retainAudit(db.sql, { months: 12, dryRun: false });
    expect((await partOf(now?.now ?? '')).part).toBe(`audit_entry_${await month(0)}`);
  });
});

describe('D19: retention', () => {
  it('drops whole months that are over for so long, and no other entry', async () => {
    const [inside, over] = [await month(2), await month(3)];
    const kept = await partOf(day(inside, '01T00:00:00Z'));
    const gone = await partOf(day(over, '28T00:00:00Z'));
    const dry = await retainAudit(db.sql, { months: 2, dryRun: true });
    expect(dry).toMatchObject({ moved: 2, dropped: [] });
    expect(await rows('SELECT FROM audit_entry')).toHaveLength(2);
    const done = await retainAudit(db.sql, { months: 2, dryRun: false });
    expect(done).toMatchObject({ moved: 2, dropped: [`audit_entry_${over}`] });
    const left = await rows<{ id: string; reason: string | null }>(
      'SELECT id, reason FROM audit_entry ORDER BY id',
    );
    expect(left.map(({ id }) => id)).toContain(kept.id);
    expect(left.map(({ id }) => id)).not.toContain(gone.id);
    expect(left.map(({ reason }) => reason)).toEqual([null, `dropped audit_entry_${over}`]);
    const again = await retainAudit(db.sql, { months: 2, dryRun: false });
    expect(again).toEqual({ moved: 0, made: [], dropped: [], forgotten: 0 });
  });

  it('does nothing by half', async () => {
    const gone = await partOf('2024-02-10T00:00:00Z');
    await rows('ALTER TABLE idempotency_key RENAME TO elsewhere');
    await expect(retainAudit(db.sql, { months: 2, dryRun: false })).rejects.toThrow();
    expect(await rows('SELECT id, tableoid::regclass::text AS part FROM audit_entry')).toEqual([
      { id: gone.id, part: 'audit_entry_rest' },
    ]);
  });

  it('forgets idempotency keys that have expired', async () => {
    await rows(
      `INSERT INTO idempotency_key (principal, key, payload_hash, expires_at)
       VALUES ('p', 'old', 'h', now()), ('p', $1, 'h', now() + interval '1 minute')`,
      randomUUID(),
    );
    expect(await retainAudit(db.sql, { months: 2, dryRun: true })).toMatchObject({ forgotten: 1 });
    expect(await retainAudit(db.sql, { months: 2, dryRun: false })).toMatchObject({ forgotten: 1 });
    expect(await rows('SELECT FROM idempotency_key')).toHaveLength(1);
  });
});
