import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { CHANGED, type Told } from '../support/events.js';
import { gatewayWith, tokenOf } from '../support/gateway.js';

const PAGE = 'https://pages.example';
const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    return { a, mia: await world.user(a, 'mia') };
  },
  { subscriptionsMs: 200, headersMs: 500, bodyBytes: 20_000, documentLength: 10_000 },
  undefined,
  { corsOrigins: [PAGE] },
);

interface Heard {
  readonly events: AsyncIterableIterator<{
    data?: { changed: Told } | null;
    errors?: readonly { extensions?: { code?: string } }[];
  }>;
  readonly dispose: () => void;
}

/** Subscribes as browsers do, whose sockets say nothing in headers. */
function subscribe(
  params: Record<string, unknown>,
  variables = {},
  query = CHANGED,
  origin?: string,
): Heard {
  class Socket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, origin === undefined ? {} : { origin });
    }
  }
  const client = createClient({
    url: `${shared.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: params,
    retryAttempts: 0,
  });
  onTestFinished(async () => void (await client.dispose()));
  const events = client.iterate({ query, variables }) as unknown as Heard['events'];
  return { events, dispose: () => void events.return?.() };
}

const asMia = async () => ({ authorization: `Bearer ${await tokenOf(shared.w.mia.email)}` });
const told = async ({ events }: Heard) => (await events.next()).value?.data?.changed;

it('tells the same over a socket, and goes on after a cursor', async () => {
  const { world, w } = shared;
  const heard = subscribe(await asMia(), { types: ['form'] });
  expect(await told(heard)).toMatchObject({ kind: 'STARTED' });
  const first = await world.row('form', w.a, 'first');
  const event = await told(heard);
  expect(event).toMatchObject({ kind: 'CREATED', type: 'form', id: first.id });
  heard.dispose();
  const missed = await world.row('form', w.a, 'missed');
  const again = subscribe(await asMia(), { types: ['form'], after: event?.cursor });
  expect(await told(again)).toMatchObject({ kind: 'CREATED', id: missed.id });
});

it('shows rows', async () => {
  const { world, w } = shared;
  const query = 'subscription { changed(types: ["form"]) { kind node { ... on Form { name } } } }';
  const heard = subscribe(await asMia(), {}, query);
  await told(heard);
  await world.row('form', w.a, 'shown');
  expect(await told(heard)).toEqual({ kind: 'CREATED', node: { name: 'shown' } });
});

it('says why it ends when a right is withdrawn', async () => {
  const { world, w } = shared;
  const key = await world.key(w.a, 'API_KEY', { owner: w.mia, operations: ['form:use'] });
  const heard = subscribe({ 'x-api-key': key.value });
  await told(heard);
  await world.client.apiKey.update({ where: { id: key.id }, data: { isActive: false } });
  const { value } = await heard.events.next();
  expect(value?.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  expect((await heard.events.next()).done).toBe(true);
});

it.each([
  ['no credential', {}],
  ['one of nobody', { authorization: 'Bearer a.b.c' }],
])('takes none with %s', async (_, params) => {
  await expect(subscribe(params).events.next()).rejects.toMatchObject({ code: 4403 });
});

it('takes none of two credentials', async () => {
  const params = { ...(await asMia()), 'x-api-key': 'hk_x' };
  await expect(subscribe(params).events.next()).rejects.toMatchObject({ code: 4403 });
});

it('takes pages of the origins that may read answers, and no others', async () => {
  const fine = subscribe(await asMia(), {}, CHANGED, PAGE);
  expect((await told(fine))?.kind).toBe('STARTED');
  const strange = subscribe(await asMia(), {}, CHANGED, 'https://evil.example');
  await expect(strange.events.next()).rejects.toThrow();
});

it('answers no queries and no mutations, nothing that is not valid, and no document that is too long', async () => {
  for (const query of [
    '{ viewer { id } }',
    'mutation { deleteForm(input: { id: "x" }) { deletedId } }',
    'subscription { nothing }',
    `subscription { changed { kind } } # ${'x'.repeat(15_000)}`,
  ]) {
    const heard = subscribe(await asMia(), {}, query);
    const codes = await heard.events.next().then(
      ({ value }) =>
        value?.errors?.map((one: { extensions?: { code?: string } }) => one.extensions?.code),
      (errors: { extensions?: { code?: string } }[]) =>
        errors.map?.((one) => one.extensions?.code) ?? [String(errors)],
    );
    expect({ query: query.slice(0, 40), codes }).toEqual({
      query: query.slice(0, 40),
      codes: ['BAD_USER_INPUT'],
    });
  }
});

function raw(path = '/graphql') {
  const socket = new WebSocket(
    `${shared.url.replace('http', 'ws')}${path}`,
    'graphql-transport-ws',
  );
  onTestFinished(() => socket.terminate());
  return socket;
}

it('closes a socket over which nobody says who it is, and one that says too much', async () => {
  const closed = (socket: WebSocket) =>
    new Promise<number>((resolve) => void socket.once('close', resolve));
  expect(await closed(raw())).toBe(4408);
  const large = raw();
  large.once('open', () => large.send('x'.repeat(30_000)));
  expect(await closed(large)).toBe(1009);
  const unacknowledged = raw();
  unacknowledged.once('open', () =>
    unacknowledged.send(
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: CHANGED } }),
    ),
  );
  expect(await closed(unacknowledged)).toBe(4401);
});

it('is opened at the one path alone', async () => {
  const error = await new Promise<Error>(
    (resolve) => void raw('/elsewhere').once('error', resolve),
  );
  expect(error.message).toContain('404');
});
