import { expect, test } from 'vitest';
import { accessLine, MIA, SECRET, start } from './support.js';

test('a query comes by POST or by GET', async () => {
  const { ask, get } = await start();
  const expected = { data: { me: 'anonymous' } };
  expect((await ask('{ me }')).body).toEqual(expected);
  expect((await get('/graphql?query={me}')).body).toEqual(expected);
});

test('a mutation comes by POST alone', async () => {
  const { ask, get } = await start();
  expect((await ask('mutation { write }')).body).toEqual({ data: { write: 'written' } });
  const refused = await get('/graphql?query=mutation{write}');
  expect(refused.status).toBe(405);
  expect(refused.headers.get('allow')).toBe('POST');
  expect(refused.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test('a mutation is not smuggled in as another operation of a document', async () => {
  const { get } = await start();
  const both = encodeURIComponent('query Q { me } mutation M { write }');
  const queried = await get(`/graphql?query=${both}&operationName=Q`);
  expect(queried.body).toEqual({ data: { me: 'anonymous' } });
  const refused = await get(`/graphql?query=${both}&operationName=M`);
  expect(refused.status).toBe(405);
  const cached = await get(`/graphql?query=${both}&operationName=M`);
  expect(cached.status).toBe(405);
});

test('a subscription does not come by GET', async () => {
  const { get } = await start();
  const headers = { accept: 'text/event-stream' };
  const { text } = await get('/graphql?query=subscription{ticks}', { headers });
  expect(text).not.toContain('"ticks":1');
  expect(text).toContain('BAD_USER_INPUT');
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
  const { get } = await start();
  const { status, headers, body } = await get('/graphql', { method });
  expect(status).toBe(405);
  expect(headers.get('allow')).toBe('GET, POST');
  expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/graphql',
  'multipart/form-data; boundary=x',
  'application/jsonp',
])('a body of type %s is refused', async (type) => {
  const { get } = await start();
  const headers = { 'content-type': type };
  const { status, body } = await get('/graphql', { method: 'POST', headers, body: 'query={me}' });
  expect(status).toBe(415);
  expect(body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test.each(['{', 'null', '1', '[]', '{}', '{"query":1}', '{"query":"{me}","variables":[1]}', ''])(
  'the body %o is refused, without a word about our insides',
  async (text) => {
    const running = await start();
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    };
    const answer = await running.get('/graphql', { method: 'POST', headers, body: text });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(running.logged.filter(({ level }) => level >= 40)).toEqual([]);
  },
);

test('variables of a GET must be JSON', async () => {
  const { get } = await start();
  const { status, body } = await get('/graphql?query={me}&variables={');
  expect(status).toBe(400);
  expect(body.errors[0].message).toBe('variables and extensions must be JSON');
});

test('operations do not come in batches', async () => {
  const { get } = await start();
  const headers = { 'content-type': 'application/json' };
  const body = '[{"query":"{ me }"},{"query":"{ me }"}]';
  const answer = await get('/graphql', { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
  expect(answer.body).not.toHaveProperty('data');
});

test('a request keeps the id that it came with, or gets one', async () => {
  const { ask } = await start();
  const named = await ask('{ me }', { headers: { 'x-request-id': 'abc-1' } });
  expect(named.headers.get('x-request-id')).toBe('abc-1');
  for (const bad of ['a b', 'x'.repeat(129), '"']) {
    const { headers } = await ask('{ me }', { headers: { 'x-request-id': bad } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('the access log says who asked for what and how it went, and nothing else', async () => {
  const running = await start();
  const query = 'query Mine($is: String!) { me text(is: $is) }';
  const { headers } = await running.ask(query, { token: 'mia', variables: { is: SECRET } });
  const { time, ...line } = await accessLine(running);
  expect(line).toEqual({
    level: 30,
    msg: 'request',
    requestId: headers.get('x-request-id'),
    method: 'POST',
    route: '/graphql',
    status: 200,
    durationMs: expect.any(Number),
    operation: { type: 'query', name: 'Mine' },
    principal: { kind: MIA.kind, label: MIA.label },
  });
  expect(JSON.stringify(running.logged)).not.toMatch(/hunter2|Bearer/);
});

test('the access log has no query string, where variables and strange paths have secrets', async () => {
  const running = await start();
  await running.get(`/graphql?query={me}&variables=${encodeURIComponent('{"x":"hunter2"}')}`);
  await running.get('/hunter2');
  await running.get('/graphql?query={hunter2}');
  await accessLine(running);
  expect(JSON.stringify(running.logged)).not.toContain('hunter2');
});

test('other paths are not found', async () => {
  const { get } = await start();
  for (const path of ['/x', '/graphql//', '/graphql/x', '/x/graphql', '//graphql', '/healthy']) {
    expect((await get(path, { headers: { accept: 'text/html' } })).status).toBe(404);
  }
});
