import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';
import { type Running, SECRET, start } from './support.js';

const EXACT = { accept: 'application/graphql-response+json' };

function idIn(running: Running, id: string) {
  return running.logged.filter((line) => line.id === id);
}

test.each([
  ['{ broken }', 'broken'],
  ['{ self { brokenHere } }', 'self.brokenHere'],
  ['{ thrownText }', 'thrownText'],
  ['{ unserialisable }', 'unserialisable'],
  ['{ libraryError }', 'libraryError'],
])('%s is masked, and the log has its id with the stack', async (query, path) => {
  const running = await start();
  const { status, body, text, headers } = await running.ask(query);
  expect(status).toBe(200);
  expect(text).not.toContain('hunter2');
  expect(text).not.toMatch(/stack|originalError|\.ts/);
  const [error] = body.errors;
  expect(error.message).toBe('something went wrong');
  expect(error.extensions).toEqual({
    code: 'INTERNAL_SERVER_ERROR',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(error.path.join('.')).toBe(path);
  const [line, ...others] = idIn(running, error.extensions.id);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ level: 50, path, requestId: headers.get('x-request-id') });
  expect(line.error.message).toContain('hunter2');
  expect(line.error.stack).toContain('hunter2');
  expect(line.error).not.toHaveProperty('meta');
});

test.each(['broken', 'text'])('a context that fails (%s) is masked, too', async (scope) => {
  const running = await start();
  const { status, body, text } = await running.ask('{ me }', {
    headers: { 'x-heimdall-scope': scope },
  });
  expect(status).toBe(500);
  expect(text).not.toContain('hunter2');
  expect(body).not.toHaveProperty('data');
  expect(body.errors[0].message).toBe('something went wrong');
  expect(idIn(running, body.errors[0].extensions.id)).toHaveLength(1);
});

test('what a stream throws is masked', async () => {
  const { ask } = await start();
  const { text } = await ask('subscription { ticks }', {
    headers: { accept: 'text/event-stream' },
  });
  expect(text).toContain('"ticks":1');
  expect(text).toContain('INTERNAL_SERVER_ERROR');
  expect(text).not.toContain('hunter2');
});

test.each([
  ['{ away }', {}, true],
  ['mutation { undone { me } }', {}, true],
  // It was done, and only its answer is missing.
  ['mutation { done { away } }', {}, false],
  ['mutation { done { away } }', { 'idempotency-key': 'k' }, true],
])('D47: whether %s (%o) is to be asked again', async (query, headers, retryable) => {
  const { ask } = await start();
  const { body } = await ask(query, { headers });
  expect(body.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', retryable } }]);
});

test('D47: who may have changed something is told 503, and not when to ask again', async () => {
  const { ask } = await start();
  const lost = await ask('mutation { lost { me } }');
  expect(lost.status).toBe(503);
  expect(lost.body.errors[0].extensions).toEqual({ code: 'UNAVAILABLE', retryable: false });
  expect(lost.headers.has('retry-after')).toBe(false);
  const undone = await ask('mutation { undone { me } }');
  expect(undone.status).toBe(503);
  expect(undone.headers.has('retry-after')).toBe(true);
});

test('each unexpected error has an id of its own', async () => {
  const { ask } = await start();
  const { body } = await ask('{ a: broken b: broken }');
  const ids = body.errors.map((error: { extensions: { id: string } }) => error.extensions.id);
  expect(new Set(ids).size).toBe(2);
});

test('in development the message is told, and nothing more', async () => {
  const { ask } = await start({ development: true });
  const { body } = await ask('{ broken }');
  expect(body.errors[0].message).toBe(SECRET);
  expect(Object.keys(body.errors[0].extensions)).toEqual(['code', 'id']);
});

test('a domain error passes with its code', async () => {
  const { ask } = await start();
  const { status, body } = await ask('{ hidden me }');
  expect(status).toBe(200);
  expect(body.data).toEqual({ hidden: null, me: 'anonymous' });
  expect(body.errors).toEqual([
    {
      message: 'there is no such resource',
      locations: [{ line: 1, column: 3 }],
      path: ['hidden'],
      extensions: { code: 'NOT_FOUND' },
    },
  ]);
});

test("scope-auth's refusal is FORBIDDEN, without its own words", async () => {
  const { ask } = await start();
  const { body, text } = await ask('{ refused }');
  expect(text).not.toContain('hunter2');
  expect(body.errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
  expect(body.errors[0].message).toBe('you are not permitted to do this');
});

test.each([
  ['syntax', '{ me', undefined, /Syntax Error/],
  ['validation', '{ mee }', undefined, /Did you mean "me"/],
  ['a missing variable', 'query($is: String!) { text(is: $is) }', {}, /\$is/],
  ['a variable of a wrong type', 'query($is: String!) { text(is: $is) }', { is: [1] }, /\$is/],
  [
    'a variable that its scalar refuses',
    'query($f: Filter) { list(filter: $f) { me } }',
    { f: { even: 3 } },
    /must be an even number/,
  ],
  ['no operation', 'fragment F on Query { me }', undefined, /./],
  ['an empty document', ' ', undefined, /Syntax Error/],
])('%s: BAD_USER_INPUT', async (_, query, variables, message) => {
  const running = await start();
  const plain = await running.ask(query, { variables });
  const exact = await running.ask(query, { variables, headers: EXACT });
  expect(exact.status).toBe(400);
  expect(exact.body).not.toHaveProperty('data');
  expect(exact.body.errors[0].message).toMatch(message);
  expect(exact.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
  expect(plain.body).toEqual(exact.body);
  expect(running.logged.filter(({ level }) => level >= 40)).toEqual([]);
});

test('an argument that fails while executing is BAD_USER_INPUT', async () => {
  const { ask } = await start();
  const { body } = await ask('query($is: String = "x") { text(is: $is) }', {
    variables: { is: null },
  });
  expect(body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
  expect(body.errors[0].path).toEqual(['text']);
});

test('the same mistake twice is answered twice, although its parsing is cached', async () => {
  const { ask } = await start();
  expect((await ask('{ me')).body).toEqual((await ask('{ me')).body);
  expect((await ask('{ mee }')).body).toEqual((await ask('{ mee }')).body);
});

test('no code is outside of the closed set', async () => {
  const { ask, get } = await start();
  const answers = await Promise.all([
    ...['{', '{ x }', '{ broken refused hidden libraryError }', ''].map((query) => ask(query)),
    get('/graphql?query=mutation{write}'),
    get('/graphql', { method: 'PUT' }),
    get('/graphql'),
  ]);
  for (const { body } of answers) {
    expect(body.errors.length).toBeGreaterThan(0);
    for (const { extensions } of body.errors) expect(ERROR_CODES).toContain(extensions.code);
  }
});
