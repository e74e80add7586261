import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { openDatabase } from '../../src/data/clients.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { CHANGED, subscribe } from '../support/events.js';
import { type RunningGateway, startGateway } from '../support/gateway.js';

async function started(limits: Parameters<typeof startGateway>[0]) {
  const gateway = await startGateway({ subscriptionsMs: 200, ...limits });
  onTestFinished(() => gateway.close());
  const a = await gateway.world.organization('A');
  const mia = await gateway.world.user(a, 'mia');
  return { gateway, a, mia, headers: await gateway.credentialOf(mia.email) };
}

const change = (gateway: RunningGateway, text: string) =>
  gateway.world.client.form.updateMany({ data: { description: text } });

it('tells all of a change of many rows to who reads', async () => {
  const { gateway, a, headers } = await started({ subscriptionBytes: 150_000 });
  const stream = await subscribe(gateway.url, headers, { variables: { types: ['form'] } });
  await stream.event();
  const data = Array.from({ length: 1_000 }, (_, i) => ({
    ...{ name: `form ${i}`, scopeId: a.scopeId, organizationId: a.organizationId },
  }));
  const { count } = await gateway.world.client.form.createMany({ data });
  const told = new Set<string | null>();
  while (told.size < 1_000) told.add((await stream.event()).id);
  expect(count).toBe(1_000);
});

it('cuts off who does not read, and nobody else', async () => {
  const limits = { subscriptionBytes: 60_000, sendMs: 300, subscriptionsPerPrincipal: 2 };
  const { gateway, a, headers } = await started(limits);
  for (let i = 0; i < 100; i += 1) await gateway.world.row('form', a, `form ${i}`);
  const long = Array.from({ length: 60 }, (_, i) => `c${i}: cursor`).join(' ');
  const query = `subscription { changed(types: ["form"]) { kind ${long} } }`;
  const { port, hostname } = new URL(gateway.url);
  const deaf = connect(Number(port), hostname);
  onTestFinished(() => void deaf.destroy());
  const closed = new Promise<void>((resolve) => void deaf.once('close', () => resolve()));
  deaf.on('error', () => {});
  const body = JSON.stringify({ query });
  deaf.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
      `authorization: ${headers.authorization}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await new Promise((resolve) => void deaf.once('data', resolve));
  deaf.pause();
  const reader = await subscribe(gateway.url, headers, { variables: { types: ['form'] } });
  await reader.event();
  let told = 0;
  const reading = (async () => {
    for (;;) if ((await reader.event()).kind === 'UPDATED') told += 1;
  })().catch(() => {});
  let isCut = false;
  let rounds = 0;
  for (; !isCut && rounds < 200; rounds += 1) {
    await change(gateway, `${rounds}`);
    const { data } = await gateway.ask(null, '{ __typename }');
    expect(data).not.toBeNull();
    const third = await subscribe(gateway.url, headers);
    isCut = (await third.next()).is === 'event';
    third.close();
  }
  expect(isCut).toBe(true);
  await expect.poll(() => told, { timeout: 20_000 }).toBe(rounds * 100);
  reader.close();
  await reading;
  deaf.resume();
  await closed;
}, 180_000);

it('forgets at once who leaves without waiting for an event', async () => {
  const { gateway, headers } = await started({ subscriptionsPerPrincipal: 1 });
  const first = await subscribe(gateway.url, headers);
  await first.event();
  expect(await (await subscribe(gateway.url, headers)).next()).toMatchObject({
    code: 'LIMIT_EXCEEDED',
  });
  first.close();
  await expect
    .poll(async () => (await (await subscribe(gateway.url, headers)).next()).is)
    .toBe('event');
});

it('is turned off by a limit of none', async () => {
  const { gateway, headers } = await started({ subscriptions: 0 });
  expect(await (await subscribe(gateway.url, headers)).next()).toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

it('says that it stops, over either way', async () => {
  const { gateway, headers } = await started({});
  const stream = await subscribe(gateway.url, headers);
  await stream.event();
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    ...{ webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 },
  });
  const events = client.iterate({ query: CHANGED });
  await events.next();
  const stopped = gateway.stopWithin(10_000);
  expect(await stream.next()).toEqual({ is: 'error', code: 'UNAVAILABLE' });
  expect(await stream.next()).toEqual({ is: 'complete' });
  const { value } = await events.next();
  expect(value?.errors?.[0]?.extensions?.code).toBe('UNAVAILABLE');
  await stopped;
});

it.runIf(process.env.HEIMDALL_TEST_ON === 'server')(
  'tells what another gateway has written, and goes on at another one',
  async () => {
    const database = await freshDatabase();
    onTestFinished(() => database.close());
    const other = await openDatabase({ url: await urlOf(database), poolSize: 3 });
    const limits = { subscriptionsMs: 60_000 };
    const [one, two] = [
      await startGateway(limits, undefined, { database }),
      await startGateway(limits, undefined, { database: other }),
    ];
    onTestFinished(async () => {
      await one.stopServing();
      await two.close();
    });
    const a = await one.world.organization('A');
    const who = await one.world.manager(a, ['form:read', 'form:create']);
    const headers = await one.credentialOf(who.email);
    const variables = { types: ['form'] };
    const stream = await subscribe(one.url, headers, { variables });
    await stream.event();
    const create = async (gateway: RunningGateway, name: string): Promise<string> => {
      const source =
        'mutation ($name: String!) { createForm(input: { name: $name }) { form { id } } }';
      const { data } = await gateway.ask(who.email, source, { name });
      return data.createForm.form.id;
    };
    // Heard, and not looked for: a minute is longer than a test.
    const first = await create(two, 'first');
    const event = await stream.event();
    expect(event.id).toBe(first);
    stream.close();
    const made = [await create(one, 'second'), await create(two, 'third')];
    const again = await subscribe(two.url, headers, {
      variables: { ...variables, after: event.cursor },
    });
    made.push(await create(one, 'fourth'));
    for (const id of made) expect((await again.event()).id).toBe(id);
  },
);

it('loses nothing that commits late, and tells nothing twice', async () => {
  const { gateway, a, headers } = await started({});
  const { client } = gateway.world;
  const variables = { types: ['form'] };
  const stream = await subscribe(gateway.url, headers, { variables });
  let { cursor } = await stream.event();
  stream.close();
  const names = Array.from({ length: 30 }, (_, i) => `form ${i}`);
  // Several at once, each of two rows, that begin in one order and end in another.
  const writing = Promise.all(
    names.map((name, i) =>
      client.$transaction(
        async (tx) => {
          const data = { scopeId: a.scopeId, organizationId: a.organizationId };
          await tx.form.create({ data: { ...data, name } });
          for (let wait = 0; wait < (i * 7) % 5; wait += 1) await tx.$queryRaw`SELECT 1`;
          await tx.form.create({ data: { ...data, name: `${name} too` } });
        },
        { maxWait: 20_000, timeout: 20_000 },
      ),
    ),
  );
  const told: (string | null)[] = [];
  while (told.length < 60) {
    const part = await subscribe(gateway.url, headers, {
      variables: { ...variables, after: cursor },
    });
    for (let i = 0; i < 7 && told.length < 60; i += 1) {
      const event = await part.event();
      told.push(event.id);
      cursor = event.cursor;
    }
    part.close();
  }
  await writing;
  const rows = await client.form.findMany({ select: { id: true } });
  expect([...told].sort()).toEqual(rows.map(({ id }) => id).sort());
});
