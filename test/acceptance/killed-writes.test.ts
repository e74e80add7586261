import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/data/clients.js';
import { type Answer, gatewayWith } from '../support/gateway.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

/** Called before each statement of the gateway. */
let before: (sql: string) => void = () => {};

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const boss = await world.manager(
      a,
      ['role:read'].concat(['read', 'create', 'update', 'share'].map((action) => `form:${action}`)),
    );
    return { a, boss, role: await world.role(a) };
  },
  {},
  (sql) => before(sql),
);

const CREATE =
  'mutation ($input: CreateFormInput!) { createForm(input: $input) { form { id name version } } }';

interface Tried {
  readonly answer: Answer;
  readonly requestId: string;
  readonly name: string;
}

const inputOf = (name: string) => ({
  name,
  accessLevel: 'ROLE_BASED',
  roles: [shared.w.role.id],
});

async function create(name: string, key?: string): Promise<Tried> {
  const requestId = randomUUID();
  const headers = { 'x-request-id': requestId, ...(key && { 'idempotency-key': key }) };
  const answer = await shared.ask(shared.w.boss.email, CREATE, { input: inputOf(name) }, headers);
  return { answer, requestId, name };
}

/** Of a mutation that was not done there is nothing: no row, none of its parts, no record, no key. */
async function expectNothingOf({ name, requestId }: Tried, key = ''): Promise<void> {
  const { client } = shared.world;
  const forms = await client.form.count({ where: { name } });
  const bound = await client.formRole.count({ where: { form: { name } } });
  const entries = await client.auditEntry.count({ where: { requestId } });
  const keys = await client.$queryRaw<unknown[]>`SELECT FROM idempotency_key WHERE key = ${key}`;
  expect({ forms, bound, entries, keys: keys.length }).toEqual({
    forms: 0,
    bound: 0,
    entries: 0,
    keys: 0,
  });
}

function expectUnavailable({ answer }: Tried, retryable: boolean): void {
  expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', retryable } }]);
  expect(answer.data).toEqual({ createForm: null });
  expect(answer.status).toBe(503);
}

/** The gateway answers as if nothing had been. */
async function expectSound(): Promise<void> {
  const { answer } = await create(`sound ${randomUUID()}`);
  expect(answer.errors).toEqual([]);
  expect(answer.data.createForm.form).toMatchObject({ version: 1 });
}

/** Ends by SQL what the gateway's transactions run on, while it waits: it must not notice before it goes on. */
function killTransactions(): void {
  const program = `
    const { Client } = require('pg');
    const client = new Client({ connectionString: process.argv[1] });
    client.connect()
      .then(() => client.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"))
      .then(() => client.end());`;
  execFileSync(process.execPath, ['-e', program, databaseUrl]);
}

let databaseUrl = '';

// The embedded database has no backend to be killed.
describe.runIf(onServer)('a backend that is killed in the middle of a mutation', () => {
  beforeAll(async () => {
    const [row] = await shared.world.client.$queryRaw<{ name: string }[]>`
      SELECT current_database() AS name`;
    const url = new URL(process.env.TEST_DATABASE_URL ?? '');
    url.pathname = `/${row?.name}`;
    databaseUrl = url.href;
    // A form by such a name kills the backend that writes it or records it, or is about to commit it: once each.
    for (const sql of [
      'CREATE SEQUENCE killed',
      `CREATE FUNCTION kill_here() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF to_jsonb(NEW)::text LIKE '%kill ' || TG_ARGV[0] || ' %' AND nextval('killed') % 2 = 1 THEN
          PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
        RETURN NEW;
      END $$`,
      `CREATE TRIGGER zz_kill BEFORE INSERT ON form FOR EACH ROW EXECUTE FUNCTION kill_here('insert')`,
      `CREATE TRIGGER zz_kill BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION kill_here('record')`,
      `CREATE CONSTRAINT TRIGGER zz_kill_late AFTER INSERT ON form DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION kill_here('commit')`,
    ]) {
      await shared.world.client.$executeRawUnsafe(sql);
    }
  });

  it('between any two statements of it has done nothing', async () => {
    const statements = await shared.statements(() => create(randomUUID(), randomUUID()));
    const begin = statements.indexOf('BEGIN');
    const commit = statements.indexOf('COMMIT');
    expect(commit - begin).toBeGreaterThan(8);
    // COMMIT itself is shown once it has been answered.
    for (let nth = begin + 1; nth < commit; nth += 1) {
      let sent = 0;
      before = () => {
        if (sent++ === nth) killTransactions();
      };
      const key = randomUUID();
      const tried = await create(`between ${randomUUID()}`, key);
      before = () => {};
      expectUnavailable(tried, true);
      await expectNothingOf(tried, key);
      await expectSound();
    }
  }, 120_000);

  it.each(['insert', 'record'])('in a statement of it (%s) has done nothing', async (where) => {
    const key = randomUUID();
    const name = `kill ${where} ${randomUUID()}`;
    const tried = await create(name, key);
    expectUnavailable(tried, true);
    await expectNothingOf(tried, key);
    await expectSound();
    // What is asked for again with the same key is done then.
    const again = await create(name, key);
    expect(again.answer.data.createForm.form).toMatchObject({ name, version: 1 });
  });

  it('at COMMIT may have done it, and says so', async () => {
    for (let time = 0; time < 10; time += 1) {
      await shared.world.client.$queryRaw`SELECT setval('killed', 2)`;
      const tried = await create(`kill commit ${randomUUID()}`);
      expectUnavailable(tried, false);
      await expectSound();
    }
  });

  it('at COMMIT is asked again with its key, and that is said, too (D47)', async () => {
    const key = randomUUID();
    const name = `kill commit ${randomUUID()}`;
    await shared.world.client.$queryRaw`SELECT setval('killed', 2)`;
    expectUnavailable(await create(name, key), true);
    const again = await create(name, key);
    expect(again.answer.data.createForm.form).toMatchObject({ name, version: 1 });
    expect((await create(name, key)).answer).toEqual(again.answer);
    expect(await shared.world.client.form.count({ where: { name } })).toBe(1);
  });

  it('while it waits for a lock has done nothing', async () => {
    const { id } = await shared.world.row('form', shared.w.a, randomUUID());
    const other = await openDatabase({ url: databaseUrl, poolSize: 2 });
    try {
      const requestId = randomUUID();
      const answer = await other.sql.transaction(async (tx) => {
        await tx.query('SELECT FROM form WHERE id = $1 FOR UPDATE', [id]);
        const asked = shared.ask(
          shared.w.boss.email,
          'mutation ($id: ID!) { updateForm(input: { id: $id, name: "never" }) { form { id } } }',
          { id },
          { 'x-request-id': requestId },
        );
        let killed: unknown[] = [];
        while (killed.length === 0) {
          killed = await other.sql.query(
            `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
        }
        return asked;
      });
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'UNAVAILABLE', retryable: true } },
      ]);
      const form = await shared.world.client.form.findUniqueOrThrow({ where: { id } });
      expect(form.version).toBe(1);
      expect(await shared.world.client.auditEntry.count({ where: { requestId } })).toBe(0);
      await expectSound();
    } finally {
      await other.close();
    }
  });
});
