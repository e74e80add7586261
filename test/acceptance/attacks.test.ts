// What is known to be tried on GraphQL servers, each against the whole gateway as it is set by default, and each followed by a question
// that must be answered as ever. Where an attack has tests of its own beside this one, they go farther.
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { generateKeyPair } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { developmentSubject } from '../../src/identity/development-token.js';
import { claims, KeyServer, rawToken, sign } from '../identity/tokens.js';
import { AUDIENCE, gatewayWith, ISSUER, tokenOf } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const ORIGIN = 'https://app.example.com';
const EVIL = '"><script>alert(1)</script>{{7*7}}\n{"level":60,"msg":"forged"}';

const shared = gatewayWith(
  async (world) => {
    const acme = await world.organization('Acme');
    const other = await world.organization('Other');
    const viewer = await world.user(acme, 'viewer');
    const writer = await world.user(acme, 'writer');
    await world.hold(viewer, SYSTEM.Viewer, acme);
    await world.hold(writer, SYSTEM.Admin, acme);
    const form = await world.row('form', acme, 'Onboarding');
    return { acme, other, viewer, writer, form };
  },
  {},
  undefined,
  { level: 'info', corsOrigins: [ORIGIN] },
);

interface Told {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly body: any;
  readonly headers: Headers;
}

async function fetched(path: string, init: RequestInit): Promise<Told> {
  const response = await fetch(`${shared.url}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

const signedIn = async (headers: Record<string, string> = {}) => ({
  authorization: `Bearer ${await tokenOf(shared.w.viewer.email)}`,
  'content-type': 'application/json',
  accept: 'application/graphql-response+json',
  ...headers,
});

/** Sends a body of any kind, as somebody who may read. */
const post = async (body: BodyInit, headers: Record<string, string> = {}): Promise<Told> =>
  fetched('/graphql', { method: 'POST', headers: await signedIn(headers), body });

const query = (source: string, variables: object = {}) =>
  post(JSON.stringify({ query: source, variables }));

const many = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

/** Refused whole, as the fault of the caller. */
function expectRefused({ status, body }: Told, expected: number = 400): void {
  expect(status).toBe(expected);
  expect(body).not.toHaveProperty('data');
  expect(body.errors.map((one: { extensions: { code: string } }) => one.extensions.code)).toEqual(
    Array(body.errors.length).fill('BAD_USER_INPUT'),
  );
}

const normally = async (): Promise<void> => {
  const { status, data } = await shared.ask(shared.w.viewer.email, '{ forms { totalCount } }');
  expect([status, data]).toEqual([200, { forms: { totalCount: 1 } }]);
};
beforeAll(normally);
afterEach(normally);

describe('a document', () => {
  it.each<[string, () => string]>([
    ['1,000 aliases', () => `{ ${many(1000, (n) => `a${n}: forms { totalCount }`)} }`],
    ['a field 1,000 times', () => `{ ${many(1000, () => 'forms { totalCount }')} }`],
    ['1,000 directives', () => `{ viewer ${many(1000, () => '@skip(if: false)')} { roles } }`],
    ['1,000 unknown directives', () => `{ viewer ${many(1000, (n) => `@a${n}`)} { roles } }`],
    ['1,000 operations', () => many(1000, (n) => `query Q${n} { viewer { roles } }`)],
    [
      'a circle of relations',
      () =>
        `{ forms ${'{ edges { node { workflow { forms '.repeat(8)}{ totalCount }${'} } } }'.repeat(8)} }`,
    ],
    ['a fragment of itself', () => '{ ...A } fragment A on Query { viewer { roles } ...A }'],
    [
      'fragments in a circle',
      () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ],
    [
      'fragments that double',
      () =>
        `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { a${n}: viewer { roles } ...F${n + 1} b: nodes(ids: []) { id } ...F${n + 1} }`)} fragment F30 on Query { viewer { roles } }`,
    ],
    [
      'a fragment named __schema with too much in it',
      () =>
        `{ ...__schema } fragment __schema on Query { ${many(60, (n) => `a${n}: forms { totalCount }`)} }`,
    ],
    [
      'overlapping fields',
      () => `{ forms { ${many(400, (n) => `edges { node { id a${n}: name } }`)} } }`,
    ],
    [
      'lists within lists',
      () =>
        `{ forms(where: { name: { in: ${'['.repeat(150)}${']'.repeat(150)} } }) { totalCount } }`,
    ],
    [
      'objects within objects',
      () => `{ forms(where: ${'{ not: '.repeat(150)}{}${'}'.repeat(150)}) { totalCount } }`,
    ],
    ['selections within selections', () => `{ ${'viewer { '.repeat(2000)}`],
    ['brackets that exhaust a parser', () => `{ forms(where: ${'['.repeat(4900)}`],
    ['5,000 ids', () => `{ nodes(ids: [${many(5000, () => '"x"')}]) { id } }`],
  ])('is refused whole: %s', async (_, source) => {
    const told = await query(source());
    expect([400, 413]).toContain(told.status);
    expectRefused(told, told.status);
  });

  it('may have a comment, but none of 5 MB', async () => {
    expectRefused(await query(`{ viewer { roles } } #${'x'.repeat(5_000_000)}`), 413);
    expectRefused(await query(`{ viewer { roles } } #${'x'.repeat(60_000)}`), 413);
  });

  it('may call a fragment __schema, and hides no introspection in it', async () => {
    const source = '{ ...__schema } fragment __schema on Query { viewer { roles } }';
    expect((await query(source)).body.data.viewer).toBeDefined();
    const asked = many(50, (n) => `a${n}: __schema { types { name } }`);
    expectRefused(await query(`{ ...__schema } fragment __schema on Query { ${asked} }`));
  });

  it('asks for no page longer than there may be, and for a usual one if it says nothing', async () => {
    for (const first of [201, 2_147_483_647, -1]) {
      const { body } = await query(`{ forms(first: ${first}) { totalCount } }`);
      expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
    expectRefused(await query('{ forms(first: 99999999999) { totalCount } }'));
    const { body } = await query(`{ forms { edges { node { id } } } }`);
    expect(body.data.forms.edges).toHaveLength(1);
  });

  it('does nothing for a mutation that is repeated by aliases too often', async () => {
    const id = shared.w.form.id;
    const update = (n: number) => `a${n}: deleteForm(input: { id: "${id}" }) { __typename }`;
    const { status, errors } = await shared.ask(
      shared.w.writer.email,
      `mutation { ${many(51, update)} }`,
      {},
      { accept: 'application/graphql-response+json' },
    );
    expect(status).toBe(400);
    expect(errors[0]?.message).toContain('repeats a field 51 times');
  });
});

describe('variables', () => {
  it('of 5,000 ids or representations are refused', async () => {
    const ids = Array(5000).fill(shared.w.form.id);
    const nodes = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    const representations = ids.map((id) => ({ __typename: 'Form', id }));
    const entities = await query(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      { r: representations },
    );
    expect(entities.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('of 100,000 levels, or of a list of 100,000, are refused', async () => {
    const source = 'query ($w: FormFilter) { forms(where: $w) { totalCount } }';
    const deep = `${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`;
    expectRefused(await post(`{"query":${JSON.stringify(source)},"variables":{"w":${deep}}}`));
    expectRefused(await query(source, { w: { name: { in: Array(100_000).fill('x') } } }));
  });

  it('named __proto__ and constructor are names like others', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const filter = `{"${name}":{"isAdmin":true,"polluted":1}}`;
      const source = 'query ($w: FormFilter) { forms(where: $w) { totalCount } }';
      const told = await post(`{"query":${JSON.stringify(source)},"variables":{"w":${filter}}}`);
      expect(told.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
      await post(`{"query":"{ viewer { roles } }","variables":{},"${name}":{"polluted":1}}`);
      await post(`{"query":"{ viewer { roles } }","extensions":{"${name}":{"polluted":1}}}`);
    }
    expect({}).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('isAdmin');
  });
});

describe('a body', () => {
  it('has no batch of operations', async () => {
    const batch = Array(100).fill({ query: '{ viewer { roles } }' });
    expectRefused(await post(JSON.stringify(batch)));
  });

  it('that is small and inflates to 50 MB is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(bomb.length).toBeLessThan(100_000);
    expectRefused(await post(bomb, { 'content-encoding': 'gzip' }), 413);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'query=mutation{deleteForm(input:{id:"x"}){__typename}}'],
    ['text/plain', '{"query":"mutation { deleteForm(input: { id: 1 }) { __typename } }"}'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ viewer { roles } }"}\r\n--b--',
    ],
    ['application/json, text/plain', '{"query":"{ viewer { roles } }"}'],
  ])('of a kind that any page may send is refused: %s', async (type, body) => {
    expectRefused(await post(body, { 'content-type': type, origin: 'https://evil.example' }), 415);
  });
});

describe('a browser', () => {
  it('changes nothing by GET', async () => {
    const source = `mutation { deleteForm(input: { id: "${shared.w.form.id}" }) { __typename } }`;
    const headers = await signedIn();
    const told = await fetched(`/graphql?query=${encodeURIComponent(source)}`, { headers });
    expect(told.status).toBe(405);
    expect(told.headers.get('allow')).toBe('POST');
  });

  it('sends its credentials for no other page, and shows none an answer', async () => {
    for (const origin of ['https://evil.example', 'null', `${ORIGIN}.evil.example`, ORIGIN]) {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const told = await fetched('/graphql', { method: 'OPTIONS', headers });
      expect(told.headers.has('access-control-allow-credentials')).toBe(false);
      const allowed = told.headers.get('access-control-allow-origin');
      expect(allowed).toBe(origin === ORIGIN ? ORIGIN : null);
    }
  });
});

describe('a token', () => {
  const asked = async (token: string): Promise<Told> =>
    fetched('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ viewer { roles } }"}',
    });
  const ours = () => {
    const { email } = shared.w.viewer;
    const sub = developmentSubject(email);
    return claims({ iss: ISSUER, aud: AUDIENCE, sub, email, email_verified: true });
  };
  const refused = ({ status, body }: Told) => {
    expect(status).toBe(401);
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  };

  it.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'that is not signed opens nothing: alg %j',
    async (alg) => {
      refused(await asked(rawToken({ alg, typ: 'JWT' }, ours())));
      refused(await asked(rawToken({ alg, typ: 'JWT' }, ours(), 'AAAA')));
    },
  );

  it('is of no other algorithm, key, name of a key or address of one', async () => {
    const server = await KeyServer.start();
    try {
      const { privateKey } = await generateKeyPair('RS256');
      for (const header of [
        { alg: 'RS256' },
        { alg: 'RS256', kid: 'evil', jku: server.url.href },
        { alg: 'RS256', kid: '../../../../dev/null' },
        { alg: 'RS256', x5u: server.url.href },
      ]) {
        refused(await asked(await sign(ours(), privateKey, header)));
      }
      const empty = new Uint8Array(32);
      refused(await asked(await sign(ours(), empty, { alg: 'HS256', kid: '/dev/null' })));
      expect(server.requests).toBe(0);
    } finally {
      await server.stop();
    }
  });
});

describe('what is smuggled', () => {
  it('a scope of somebody else is refused, whatever the header looks like', async () => {
    const { other } = shared.w;
    const asked = async (headers: Record<string, string | string[]>) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        void tokenOf(shared.w.viewer.email).then((token) => {
          const sent = httpRequest(
            `${shared.url}/graphql`,
            {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                accept: 'application/graphql-response+json',
                authorization: `Bearer ${token}`,
                ...headers,
              },
            },
            (response) => {
              let text = '';
              response.setEncoding('utf8').on('data', (part: string) => {
                text += part;
              });
              response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
            },
          );
          sent.on('error', reject).end('{"query":"{ forms { totalCount } }"}');
        });
      });
    for (const headers of [
      { 'x-heimdall-scope': other.scopeId },
      { 'X-HEIMDALL-SCOPE': other.scopeId },
      { 'x-heimdall-scope': [shared.w.acme.scopeId, other.scopeId] },
      { 'x-heimdall-scope': `${shared.w.acme.scopeId}, ${other.scopeId}` },
      { 'x-heimdall-scope': `"${other.scopeId}"` },
    ]) {
      const { status, text } = await asked(headers);
      expect(text, JSON.stringify(headers)).toContain('SCOPE_FORBIDDEN');
      expect(status).toBe(403);
    }
    // What is not the header is nothing.
    for (const name of ['x_heimdall_scope', 'x-heimdall-scope-id', 'x-forwarded-scope']) {
      const { text } = await asked({ [name]: other.scopeId });
      expect(JSON.parse(text)).toEqual({ data: { forms: { totalCount: 1 } } });
    }
  });

  it('names forge no line of the log, and are no page', async () => {
    const before = shared.logged.length;
    const name = `Forged${'x'.repeat(500)}`;
    await query(`query ${name} { viewer { roles } }`);
    await post(JSON.stringify({ query: '{ viewer { roles } }', operationName: EVIL }));
    const told = await query('query ($w: FormFilter) { forms(where: $w) { totalCount } }', {
      w: { name: { eq: EVIL } },
    });
    expect(told.body).toEqual({ data: { forms: { totalCount: 0 } } });
    const wrong = await query(
      `{ forms(where: { name: { eq: ${JSON.stringify(EVIL)}, nothing: 1 } }) { totalCount } }`,
    );
    expect(wrong.headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
    expect(wrong.headers.get('x-content-type-options')).toBe('nosniff');
    expect(wrong.headers.get('content-security-policy')).toContain("default-src 'none'");
    const id = 'a\tb<script>';
    const { headers } = await post('{"query":"{ viewer { roles } }"}', { 'x-request-id': id });
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    await shared.settled();
    for (const line of shared.logged.slice(before)) {
      expect(line.trimEnd()).not.toContain('\n');
      expect(JSON.parse(line).msg).not.toBe('forged');
      expect(line).not.toContain('<script>');
      expect(line).not.toContain('x'.repeat(200));
    }
  });

  it('is no SQL (every argument that takes text: hostile-input.test.ts)', async () => {
    for (const text of [
      "'; DROP TABLE form; --",
      "' OR '1'='1",
      '%',
      '\\',
      '$$; SELECT pg_sleep(9)$$',
    ]) {
      const told = await query(
        'query ($t: String!) { forms(where: { name: { eq: $t } }) { totalCount } }',
        { t: text },
      );
      expect(told.body).toEqual({ data: { forms: { totalCount: 0 } } });
    }
  });
});
