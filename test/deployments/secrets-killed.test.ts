import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { ISSUER } from '../support/gateway.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { expectNoneKept } from '../support/plaintexts.js';
import { type Person, type Spot, World } from '../support/world.js';

/** Words that occur nowhere else. */
const [KEPT, LOST] = ['plaintext-that-stays', 'plaintext-that-is-lost'] as const;
const KEY = randomBytes(32).toString('base64url');
const isOnServer = Boolean(
  process.env.TEST_DATABASE_URL && process.env.HEIMDALL_TEST_ON === 'server',
);

let database: Database;
let a: Spot;
let admin: Person;
/** What all the gateways have logged. */
let logged = '';

beforeAll(async () => {
  if (!isOnServer) return;
  database = await freshDatabase();
  const world = new World(database.client, ISSUER);
  a = await world.organization('A');
  admin = await world.user(a, 'admin', { isPlatformAdmin: true });
});
afterAll(() => database?.close());

async function start(): Promise<GatewayProcess> {
  const settings = { HEIMDALL_SECRET_KEYS: `one:${KEY}`, LOG_LEVEL: 'trace' };
  return startGatewayProcess(await urlOf(database), settings, (text) => {
    logged += text;
  });
}

const send = (gateway: GatewayProcess, name: string, input: object, selection: string) =>
  gateway.ask(
    admin.email,
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );

/** Kills a gateway once it has written a secret and is about to record that, in the same transaction. */
async function killedIn(name: string, input: object): Promise<void> {
  const gateway = await start();
  await database.sql.transaction(async (tx) => {
    await tx.query('LOCK TABLE audit_entry IN SHARE MODE');
    let isAnswered = false;
    const asked = send(gateway, name, input, 'config { id }')
      .catch(() => 'cut off')
      .finally(() => {
        isAnswered = true;
      });
    let waiting: { query: string }[] = [];
    while (waiting.length === 0 && !isAnswered) {
      waiting = await database.sql.query(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    }
    const [{ query } = { query: await asked }] = waiting;
    expect(query).toContain('INSERT INTO audit_entry');
    await gateway.kill();
    expect(await asked).toBe('cut off');
  });
}

// The embedded database goes with its gateway.
it.runIf(isOnServer)(
  'D16: a gateway that is killed while it sets a secret leaves none of it, and no plaintext',
  async () => {
    const first = await start();
    const secret = { key: 'kept', type: 'SECRET', value: KEPT };
    const { data } = await send(first, 'createConfig', { ...secret, scope: a.id }, 'config { id }');
    const { id } = data.createConfig.config;
    await first.stop();

    const lost = { key: 'lost', type: 'SECRET', value: LOST };
    await killedIn('createConfig', { ...lost, scope: a.id });
    await killedIn('updateConfig', { id, value: LOST });

    const next = await start();
    const revealed = await send(next, 'revealConfig', { id, reason: 'x' }, 'value');
    expect(revealed).toEqual({ data: { revealConfig: { value: KEPT } } });
    await next.stop();
    expect(await database.client.config.count()).toBe(1);

    const told = (text: string) => [KEPT, LOST].filter((one) => text.includes(one));
    // The log is of what was asked, or nothing is shown by it.
    expect(logged).toContain('"type":"mutation"');
    expect(told(logged)).toEqual([]);
    await expectNoneKept(database, told);
  },
  300_000,
);
