import { getIntrospectionQuery } from 'graphql';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { type Running, start } from './support.js';

const EXACT = { accept: 'application/graphql-response+json' };

function nested(depth: number): string {
  return `${'{ self '.repeat(depth - 1)}{ me }${' }'.repeat(depth - 1)}`;
}

/** Two spreads of the next fragment each: `levels` of them stand for 2^levels fields. */
function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, index) =>
      `fragment F${index} on Query { a: self { ...F${index + 1} } b: self { ...F${index + 1} } }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${levels} on Query { me }`;
}

async function refusal(running: Running, query: string, status = 400) {
  const answer = await running.ask(query, { headers: EXACT });
  expect(answer.status).toBe(status);
  expect(answer.body).not.toHaveProperty('data');
  expect(answer.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
  return answer.body.errors[0].message;
}

test('a body may have 1 MB, and one byte more is 413', async () => {
  const running = await start();
  const send = (length: number) => {
    const frame = JSON.stringify({ query: '{ me }', operationName: null, extensions: { p: '' } });
    const body = frame.replace('"p":""', `"p":"${'x'.repeat(length - frame.length)}"`);
    expect(body.length).toBe(length);
    const headers = { 'content-type': 'application/json' };
    return running.get('/graphql', { method: 'POST', headers, body });
  };
  expect((await send(DEFAULT_LIMITS.bodyBytes)).body).toEqual({ data: { me: 'anonymous' } });
  const refused = await send(DEFAULT_LIMITS.bodyBytes + 1);
  expect(refused.status).toBe(413);
  expect(refused.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test('a body that does not tell its length is counted while it comes', async () => {
  const running = await start({ limits: { bodyBytes: 1000 } });
  const text = JSON.stringify({ query: '{ me }', extensions: { p: 'x'.repeat(5000) } });
  const answer = await running.get('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob([text]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(413);
  expect(answer.body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test.each(['{"not":', '['])('variables may have 100 levels of %s, and no more', async (open) => {
  const running = await start();
  const close = open === '[' ? ']' : '}';
  const send = (levels: number) => {
    const value = `${open.repeat(levels)}1${close.repeat(levels)}`;
    const body = `{"query":"{ me }","variables":{"v":${value}}}`;
    const headers = { 'content-type': 'application/json', ...EXACT };
    return running.get('/graphql', { method: 'POST', headers, body });
  };
  const deepest = DEFAULT_LIMITS.variablesDepth;
  expect((await send(deepest - 1)).body).toEqual({ data: { me: 'anonymous' } });
  for (const levels of [deepest, 100_000]) {
    const { status, body } = await send(levels);
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(body.errors[0].message).toContain('at most 100 levels');
  }
});

test('a query may be 15 levels deep, and no more', async () => {
  const running = await start();
  expect((await running.ask(nested(DEFAULT_LIMITS.depth))).status).toBe(200);
  expect((await running.ask(nested(DEFAULT_LIMITS.depth))).body).not.toHaveProperty('errors');
  expect(await refusal(running, nested(DEFAULT_LIMITS.depth + 1))).toBe(
    'the query is 16 levels deep, of which 15 are allowed',
  );
});

test('fragments do not hide depth', async () => {
  const running = await start({ limits: { depth: 3 } });
  const query = '{ self { ...A } } fragment A on Query { self { ... on Query { self { me } } } }';
  expect(await refusal(running, query)).toContain('4 levels deep');
});

test('aliases are counted', async () => {
  const running = await start();
  const query = `{ ${Array.from({ length: 1001 }, (_, index) => `a${index}: me`).join(' ')} }`;
  expect(await refusal(running, query)).toBe(
    'the query asks for 1001 fields, of which 1000 are allowed',
  );
});

test('fragments that double are counted where they are spread, in no time', async () => {
  const running = await start({ limits: { depth: 1000 } });
  expect(await refusal(running, doubling(9))).toContain('fields');
  expect(await refusal(running, doubling(200))).toContain('fields');
});

test('a field may be repeated so often, through fragments too', async () => {
  const running = await start({ limits: { repeats: 2 } });
  const said = 'the query repeats a field 3 times, of which 2 are allowed';
  expect(await refusal(running, '{ a: me b: me c: me }')).toBe(said);
  const fragments =
    '{ a: me ...A ...B } fragment A on Query { b: me } fragment B on Query { c: me }';
  expect(await refusal(running, fragments)).toBe(said);
  expect((await running.ask('{ a: me b: me }')).body).toMatchObject({ data: { a: 'anonymous' } });
});

test('an answer may not grow without bounds', async () => {
  const running = await start({ limits: { cost: 3 } });
  expect(await refusal(running, '{ self { self { self { me } } } }')).toContain('too much');
});

test('a long document is refused before it can be kept', async () => {
  const running = await start();
  const { status, body } = await running.ask(`{ me #${'x'.repeat(50_000)}\n}`);
  expect(status).toBe(413);
  expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
});

test('a fragment that spreads itself is left to validation', async () => {
  const running = await start();
  const query =
    '{ ...A } fragment A on Query { self { ...B } } fragment B on Query { self { ...A } }';
  expect(await refusal(running, query)).toMatch(/Cannot spread fragment/);
});

test('a document may have so many tokens, and no more', async () => {
  expect(DEFAULT_LIMITS.tokens).toBe(5000);
  const running = await start({ limits: { tokens: 10 } });
  const fields = (count: number) => `{${' me'.repeat(count)} }`;
  expect((await running.ask(fields(8))).body).toEqual({ data: { me: 'anonymous' } });
  expect(await refusal(running, fields(9))).toMatch(/more that 10 tokens/);
});

test.each([
  ['lists', `{ text(is: ${'['.repeat(4900)}) }`],
  ['selections', '{ self '.repeat(2400)],
])('brackets within brackets (%s) exhaust nothing', async (_, query) => {
  const running = await start();
  await refusal(running, query);
  expect(running.logged.filter(({ level }) => level >= 40)).toEqual([]);
  expect((await running.ask('{ me }')).status).toBe(200);
});

test('the standard introspection query is within the limits, at its deepest', async () => {
  const { ask } = await start();
  const query = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const { body } = await ask(query);
  expect(body).not.toHaveProperty('errors');
  expect(body.data.__schema.queryType.name).toBe('Query');
});

test('10.6 the schema is answered a few times a document, and 50 aliases of it are refused', async () => {
  const running = await start();
  const aliases = (of: string, count = 50) =>
    `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${of}`).join(' ')} }`;
  const types = '__schema { types { name } }';
  expect((await running.ask(aliases(types, 4))).body).not.toHaveProperty('errors');
  for (const query of [
    aliases(types),
    aliases('__type(name: "Query") { name }'),
    `{ __schema ${aliases('types { name }')} }`,
    '{ ...F ...F ...F ...F ...F } fragment F on Query { __schema { types { name } } }',
  ]) {
    expect(await refusal(running, query)).toMatch(
      /^the query asks for the schema \d+ times, of which 4 are/,
    );
  }
});

test('introspection that goes in circles is refused', async () => {
  const running = await start();
  const level = 'fields { type { fields { type { fields { type { fields { name } } } } } } }';
  expect(await refusal(running, `{ __schema { types { ${level} } } }`)).toMatch(/introspection/i);
});

/** A query that is within every limit is answered as ever, whatever came before. */
async function servedNormally({ ask }: Running) {
  expect((await ask('{ me }')).body).toEqual({ data: { me: 'anonymous' } });
}

test.each([
  ['aliases', { aliases: 2 }, '{ a: me b: me c: me }', '3 aliases, of which 2'],
  [
    'aliases in fragments',
    { aliases: 2 },
    '{ self { ...A } other: self { ...A } } fragment A on Query { a: me }',
    '3 aliases, of which 2',
  ],
  [
    'directives',
    { directives: 2 },
    '{ me @skip(if: false) @include(if: true) self @skip(if: false) { me } }',
    '3 directives, of which 2',
  ],
  [
    'unknown directives',
    { directives: 9 },
    `{ me ${'@a '.repeat(10)}}`,
    '10 directives, of which 9',
  ],
  [
    'directives in fragments',
    { directives: 1 },
    '{ ...A self { ...A } } fragment A on Query { me @skip(if: false) }',
    '2 directives, of which 1',
  ],
  ['variables', { variables: 1 }, 'query ($a: Int, $b: Int) { me }', 'defines 2 variables'],
  ['lists', { listLength: 2 }, '{ text(is: [1, 2, 3]) }', 'at most 2 values'],
  ['lists in lists', { listLength: 2 }, '{ text(is: [{ a: [1, 2, 3] }]) }', 'at most 2 values'],
  ['literals', { variablesDepth: 3 }, '{ text(is: [[[[1]]]]) }', 'at most 3 levels'],
  ['defaults', { variablesDepth: 1 }, 'query ($a: Int = [[1]]) { me }', 'at most 1 levels'],
  ['directives’ literals', { listLength: 1 }, '{ me @skip(if: [1, 2]) }', 'at most 1 values'],
] as const)('so many %s, and no more', async (_, limits, query, said) => {
  const running = await start({ limits });
  expect(await refusal(running, query)).toContain(said);
  await servedNormally(running);
});

test('a list in variables may be so long, and no longer', async () => {
  const running = await start({ limits: { listLength: 3 } });
  const send = (length: number) =>
    running.ask('{ me }', { variables: { a: { b: Array(length).fill(1) } }, headers: EXACT });
  expect((await send(3)).status).toBe(200);
  const { status, body } = await send(4);
  expect([status, body.errors[0].message]).toEqual([400, 'a list has at most 3 values']);
  await servedNormally(running);
});

test('who wants to know is told what a query costs, when it is refused as well', async () => {
  const running = await start({ limits: { cost: 60 } });
  const headers = { ...EXACT, 'x-heimdall-cost': '1' };
  const query = 'query ($n: Int) { list(first: $n) { me } }';
  const asked = await running.ask(query, { variables: { n: 7 }, headers });
  expect(asked.body.extensions).toEqual({ cost: { requested: 8, limit: 60 } });
  const refused = await running.ask(query, { variables: { n: 90 }, headers });
  expect(refused.status).toBe(400);
  expect(refused.body.extensions).toEqual({ cost: { requested: 91, limit: 60 } });
  const document = await running.ask('{ list(first: 99) { me } }', { headers });
  expect(document.body.extensions).toEqual({ cost: { requested: 100, limit: 60 } });
  expect((await running.ask('{ me }')).body).not.toHaveProperty('extensions');
});
