import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record, recordDenial } from '../../src/audit/record.js';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { type Spot, World } from '../support/world.js';
import { actor, entryOf } from './entries.js';

let db: Database;
let acme: Spot;
let project: Spot;
const sent: string[] = [];

beforeAll(async () => {
  db = await freshDatabase({ onQuery: (sql) => void sent.push(sql) });
  const world = new World(db.client, 'test');
  acme = await world.organization('Acme');
  project = await world.scope(acme, 'Project');
});
afterAll(() => db.close());

const rows = <Row = Record<string, unknown>>(text: string, ...params: unknown[]) =>
  db.sql.query<Row>(text, params);

interface Stored {
  readonly id: string;
  readonly part: string;
  readonly scope_id: string | null;
  readonly governed_by: readonly string[];
  readonly organization_id: string | null;
  readonly before: unknown;
  readonly reason: string | null;
  readonly request_id: string | null;
  readonly bypass: string | null;
  readonly resource_id: string | null;
}

/** What was written since. */
async function writtenBy(work: () => Promise<unknown>): Promise<Stored[]> {
  const before = new Set((await rows<Stored>('SELECT id FROM audit_entry')).map(({ id }) => id));
  await work();
  const all = await rows<Stored>(
    'SELECT *, tableoid::regclass::text AS part FROM audit_entry ORDER BY id',
  );
  return all.filter(({ id }) => !before.has(id));
}

describe('D19: what is recorded', () => {
  it('lives where the resource lives, or at the root of what was touched', async () => {
    const who = actor(randomUUID(), acme.id);
    const [inProject, atRoot, platform, nowhere] = await writtenBy(async () => {
      await record(db.client, entryOf(who, { organizationId: acme.id, scopeId: project.id }));
      await record(db.client, entryOf(who, { organizationId: acme.id }));
      await record(db.client, entryOf(who, { organizationId: null }));
      await record(db.client, entryOf(who, { organizationId: randomUUID() }));
    });
    const root = rootScopeId(acme.id);
    expect(inProject?.governed_by).toEqual([project.id, root]);
    expect(atRoot).toMatchObject({ scope_id: root, governed_by: [root] });
    expect(platform).toMatchObject({ scope_id: PLATFORM_ROOT_ID, governed_by: [PLATFORM_ROOT_ID] });
    expect(nowhere).toMatchObject({ scope_id: null, governed_by: [] });
  });

  it('sorts as it was made, however much of it one statement made in a microsecond', async () => {
    const who = actor(randomUUID(), acme.id);
    const ids = Array.from({ length: 400 }, () => randomUUID());
    const made = await writtenBy(() =>
      record(
        db.client,
        ...ids.map((resourceId) => entryOf(who, { organizationId: acme.id, resourceId })),
      ),
    );
    expect(made.map(({ resource_id }) => resource_id)).toEqual(ids);
  });

  it('is undone with the change, and undoes it when it cannot be written', async () => {
    const who = actor(randomUUID(), acme.id);
    const name = `Never ${randomUUID()}`;
    const changing = (entry: object, fails: boolean) =>
      db.client.$transaction(async (tx) => {
        await tx.organization.create({ data: { name } });
        await record(tx, { ...entryOf(who, { organizationId: acme.id }), ...entry });
        if (fails) throw new Error('the change failed');
      });
    const written = await writtenBy(async () => {
      await expect(changing({}, true)).rejects.toThrow('the change failed');
      await expect(changing({ outcome: 'NEVER' }, false)).rejects.toThrow();
    });
    expect(written).toEqual([]);
    expect(await rows('SELECT FROM organization WHERE name = $1', name)).toEqual([]);
  });

  it('keeps no secret, no text that is none, and no more of a text than there is room for', async () => {
    const who = actor(randomUUID(), acme.id);
    const secret = 'a value of no type that is known';
    const [entry, other] = await writtenBy(async () => {
      await record(
        db.client,
        entryOf(who, {
          organizationId: acme.id,
          resourceType: 'config',
          resourceId: 'no id at all',
          before: { key: 'k', value: secret, ciphertext: secret, unheardOf: secret },
          reason: '𝒳'.repeat(900),
          requestId: 'a\0b',
        }),
      );
      await record(db.client, entryOf(who, { organizationId: acme.id, requestId: 'request 1' }));
    });
    expect(JSON.stringify(entry)).not.toContain(secret);
    expect(entry).toMatchObject({
      before: { key: 'k', value: '[redacted]', ciphertext: '[redacted]' },
      request_id: null,
      resource_id: null,
    });
    expect([...(entry?.reason ?? '')]).toHaveLength(500);
    expect(other?.request_id).toBe('request 1');
  });

  it('tells by which right somebody acted (D4, D12)', async () => {
    const who = actor(randomUUID(), acme.id);
    const entry = entryOf(who, { organizationId: acme.id });
    const written = await writtenBy(async () => {
      await record(db.client, entry);
      await record(db.client, { ...entry, place: { ...entry.place, switched: true } });
      await record(db.client, { ...entry, principal: { ...who, isPlatformAdmin: true } });
    });
    expect(written.map(({ bypass }) => bypass)).toEqual([null, 'PROVIDER', 'PLATFORM_ADMIN']);
  });
});

describe('D14: a denial tells nothing of a row that may not be read', () => {
  it('takes the same statement, and says the same, whether the row is hidden or absent', async () => {
    const who = actor(randomUUID(), acme.id);
    const hidden = entryOf(who, {
      organizationId: randomUUID(),
      scopeId: project.id,
      resourceId: randomUUID(),
      before: { id: randomUUID(), name: 'hidden' },
      reason: 'hidden from you',
    });
    const absent = entryOf(who, { organizationId: acme.id, resourceId: randomUUID() });
    const ways: { statements: string[]; written: Stored[] }[] = [];
    for (const entry of [hidden, absent]) {
      const { outcome: _outcome, ...denial } = entry;
      const before = sent.length;
      const written = await writtenBy(() => recordDenial(db.client, denial));
      ways.push({
        statements: sent.slice(before).filter((sql) => /audit_entry/.test(sql)),
        written,
      });
    }
    const [one, two] = ways;
    expect(one?.statements).toEqual(two?.statements);
    expect(one?.statements).toHaveLength(1);
    const said = ({ written }: { written: Stored[] }) =>
      written.map(({ id: _id, resource_id: _resource, ...rest }) => ({ ...rest, at: null }));
    expect(one && said(one)).toEqual(two && said(two));
    expect(one?.written).toMatchObject([
      { outcome: 'DENIED', organization_id: acme.id, before: null },
    ]);
  });

  it('of a row that may be read it is at the row', async () => {
    const who = actor(randomUUID(), acme.id);
    const { outcome: _outcome, ...denial } = entryOf(who, {
      organizationId: acme.id,
      scopeId: project.id,
      reason: 'holds no such grant',
    });
    const written = await writtenBy(() => recordDenial(db.client, denial, 'FORBIDDEN'));
    expect(written).toMatchObject([{ scope_id: project.id, reason: 'holds no such grant' }]);
  });
});

describe('D19: append-only', () => {
  it.each([
    `UPDATE audit_entry SET outcome = 'FAILED'`,
    'UPDATE audit_entry SET reason = reason WHERE false',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    `INSERT INTO audit_entry (id, actor_kind, actor_label, is_switched, action, resource_type, outcome)
     SELECT id, actor_kind, actor_label, is_switched, action, resource_type, outcome FROM audit_entry
     ON CONFLICT (id) DO UPDATE SET outcome = 'FAILED'`,
  ])('%s', async (change) => {
    await expect(rows(change)).rejects.toThrow(/^D19/);
  });

  it('on each partition as well, the rest and those that are made later included', async () => {
    await rows('SELECT heimdall_audit_partitions(4)');
    const parts = await rows<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass`,
    );
    expect(parts.length).toBeGreaterThanOrEqual(6);
    for (const { name } of parts) {
      for (const change of [
        `UPDATE ${name} SET outcome = 'x'`,
        `DELETE FROM ${name}`,
        `TRUNCATE ${name}`,
      ]) {
        await expect(rows(change), change).rejects.toThrow(/^D19/);
      }
    }
  });

  it('what is kept of scopes is written by the database alone', async () => {
    await expect(rows(`UPDATE audit_place SET governed_by = '{}'`)).rejects.toThrow(/^D19/);
    await expect(rows('DELETE FROM audit_place')).rejects.toThrow(/^D19/);
  });
});
