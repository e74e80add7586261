import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import type { Limits } from '../../src/limits/limits.js';
import { freshDatabase } from '../support/database.js';
import { ISSUER, startGateway } from '../support/gateway.js';
import { type Identified, SYSTEM, World } from '../support/world.js';

const FORMS = '{ forms { totalCount } }';
const MANY = { principalRequests: 3, rateWindowSeconds: 3600 };

let database: Database;
type Person = Identified & { readonly email: string };
let mia: Person;
let max: Person;
beforeAll(async () => {
  database = await freshDatabase();
  const world = new World(database.client, ISSUER);
  const acme = await world.organization('Acme');
  mia = await world.user(acme, 'mia');
  max = await world.user(acme, 'max');
  for (const user of [mia, max]) await world.hold(user, SYSTEM.Viewer, acme);
});
afterAll(() => database.close());

async function starting(limits: Partial<Limits>) {
  const gateway = await startGateway(limits, undefined, { database, level: 'info' });
  onTestFinished(gateway.stopServing);
  return gateway;
}

it('who asks too often is told so on either path, and counted once for both', async () => {
  const { ask, logged, settled } = await starting(MANY);
  for (const _ of [1, 2]) expect((await ask(mia.email, FORMS)).data.forms).toBeDefined();
  await settled();
  expect(logged.at(-1)).toContain('"compiled":true');
  expect((await ask(mia.email, 'mutation { __typename }')).errors).toEqual([]);
  for (const source of [FORMS, 'mutation { __typename }', '{ __typename']) {
    const { status, errors } = await ask(mia.email, source);
    expect([status, errors[0]?.extensions.code]).toEqual([429, 'RATE_LIMITED']);
  }
  expect((await ask(max.email, FORMS)).errors).toEqual([]);
});

it('decisions are counted with everything else', async () => {
  const { ask, url, credentialOf } = await starting(MANY);
  for (const _ of [1, 2, 3]) await ask(mia.email, FORMS);
  const response = await fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await credentialOf(mia.email)) },
    body: '{}',
  });
  expect(response.status).toBe(429);
});

it('what a query costs is told on either path alike', async () => {
  const { ask, logged, settled } = await starting({});
  const tell = { 'x-heimdall-cost': '1' };
  const source = 'query ($n: Int) { forms(first: $n) { edges { node { id } } } }';
  const { cost } = await ask(mia.email, source, { n: 10 }, tell);
  await settled();
  // Asked of both paths, whose answers would be told apart.
  expect(logged.at(-1)).toContain('"compiled":true');
  expect(cost).toEqual({ requested: 31, limit: 1_000_000 });
  expect(await ask(mia.email, source, { n: 10 })).not.toHaveProperty('cost');
});
