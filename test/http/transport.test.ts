import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Running, start } from './support.js';

interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the answer.
  readonly body: any;
}

/** Sends bytes as they are, and reads until the connection ends. */
async function raw({ url }: Running, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  await once(socket, 'close');
  const [head = '', text = ''] = received.split(/\r\n\r\n([\s\S]*)/);
  const isJson = /content-type: application\/json/i.test(head) && text.startsWith('{');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    head,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

const CLOSE = 'connection: close';
const QUERY = '/graphql?query=%7Bme%7D';
const ME = { data: { me: 'anonymous' } };

describe('10.23 no answer comes from anywhere but our own formatter', () => {
  const cases: readonly (readonly [string, readonly string[], number])[] = [
    ['a bad host', [`GET ${QUERY} HTTP/1.1`, 'host: a b/\\c', CLOSE], 400],
    ['a host with a path', [`GET ${QUERY} HTTP/1.1`, 'host: evil/x?y', CLOSE], 400],
    ['no host', [`GET ${QUERY} HTTP/1.1`, CLOSE], 400],
    ['no HTTP at all', ['hello'], 400],
    ['a bad version', ['GET / HTTP/9.9', 'host: x'], 400],
    ['TLS on the plain port', ['\u0016\u0003\u0001'], 400],
    ['an unknown method', ['BREW /graphql HTTP/1.1', 'host: x'], 400],
    ['a known method that is not ours', ['PROPFIND /graphql HTTP/1.1', 'host: x', CLOSE], 405],
    ['TRACE', ['TRACE /health HTTP/1.1', 'host: x', CLOSE], 405],
    ['a proxy request', ['CONNECT evil:443 HTTP/1.1', 'host: evil:443'], 405],
    ['OPTIONS *', ['OPTIONS * HTTP/1.1', 'host: x', CLOSE], 404],
    ['a path that is no URL', ['GET /%zz\\..//%00 HTTP/1.1', 'host: x', CLOSE], 404],
    ['a target that is no path', ['GET graphql HTTP/1.1', 'host: x', CLOSE], 400],
    ['an address that is none', ['GET http://[::/x HTTP/1.1', 'host: x', CLOSE], 404],
    ['headers without an end', [`GET / HTTP/1.1`, `x: ${'x'.repeat(20_000)}`], 431],
    ['an expectation', [`GET /x HTTP/1.1`, 'host: x', 'expect: miracles', CLOSE], 404],
    ['two lengths', ['POST /graphql HTTP/1.1', 'content-length: 1', 'content-length: 2'], 400],
    [
      'an answer in no form of ours',
      [`GET ${QUERY} HTTP/1.1`, 'host: x', 'accept: a/b', CLOSE],
      406,
    ],
  ];

  it.each(cases)('%s', async (_, lines, status) => {
    const running = await start();
    const answer = await raw(running, lines);
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/x-request-id: [\w-]{36}/i);
    expect(answer.body.errors[0].extensions.code).toBe(
      status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT',
    );
    expect(answer.text).not.toMatch(/node_modules|at \w|\.js/);
    const id = /x-request-id: ([\w-]{36})/i.exec(answer.head)?.[1];
    expect(running.logged.filter(({ requestId }) => requestId === id)).toHaveLength(1);
    expect(running.logged.filter(({ level }) => level >= 40)).toEqual([]);
  });

  it('a request that never ends is told so', async () => {
    const running = await start({ limits: { headersMs: 100, requestMs: 200 } });
    const answer = await raw(running, ['POST /graphql HTTP/1.1', 'host: x', 'content-length: 9']);
    expect(answer.status).toBe(408);
    expect(answer.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  }, 60_000);

  it('a request to upgrade is answered as what else it is', async () => {
    const running = await start();
    const upgrade = ['connection: upgrade, close', 'upgrade: websocket'];
    const answer = await raw(running, [`GET ${QUERY} HTTP/1.1`, 'host: x', ...upgrade]);
    expect([answer.status, answer.body]).toEqual([200, ME]);
  });
});

describe('10.24 an address', () => {
  it.each([`http://x${QUERY}`, `https://gateway.example:8443${QUERY}`, QUERY.replace('?', '/?')])(
    'is taken as %s',
    async (target) => {
      const running = await start();
      const { status, body } = await raw(running, [`GET ${target} HTTP/1.1`, 'host: x', CLOSE]);
      expect([status, body]).toEqual([200, ME]);
    },
  );

  it('may have a prefix, which a proxy takes off or leaves', async () => {
    const { get } = await start({ pathPrefix: '/gate' });
    for (const path of [QUERY, `/gate${QUERY}`]) expect((await get(path)).body).toEqual(ME);
    for (const path of ['/health', '/gate/health']) expect((await get(path)).status).toBe(200);
    for (const path of ['/', '/gate', '/gate/']) {
      expect((await get(path)).headers.get('location')).toBe('/gate/graphql');
    }
    const page = await get('/gate/graphql', { headers: { accept: 'text/html' } });
    const script = /src="(\/gate\/graphiql\/[^"]+)"/.exec(page.text)?.[1] ?? '';
    expect(page.text).toContain('"endpoint":"/gate/graphql"');
    expect((await get(script)).status).toBe(200);
    expect((await get(script.slice('/gate'.length))).status).toBe(200);
    for (const path of ['/gateway/health', '/x/gate/health', '/gate/gate/health']) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe('10.24 a page of another origin', () => {
  const origin = 'https://app.example.com';
  const preflight = (from: string) => ({
    method: 'OPTIONS',
    headers: {
      origin: from,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, x-heimdall-scope',
    },
  });

  it('may ask if it is on the list', async () => {
    const { get } = await start({ corsOrigins: [origin, 'http://localhost:3000'] });
    const { status, headers, text } = await get('/graphql', preflight(origin));
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    const allowed = headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'x-heimdall-scope',
        'x-heimdall-view-as',
        'x-heimdall-cost',
        'idempotency-key',
      ]),
    );
    expect(headers.get('access-control-max-age')).toBe('600');
    const answer = await get(QUERY, { headers: { origin } });
    expect(answer.body).toEqual(ME);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('vary')).toContain('origin');
    const refused = await get('/graphql', {
      method: 'POST',
      headers: { origin, authorization: 'Bearer expired', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it.each(['https://evil.example', `${origin}.evil.example`, 'http://app.example.com', 'null'])(
    'may not if it is of %s',
    async (from) => {
      const { get } = await start({ corsOrigins: [origin] });
      for (const answer of [
        await get('/graphql', preflight(from)),
        await get(QUERY, { headers: { origin: from } }),
      ]) {
        const names = [...answer.headers.keys()];
        expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(answer.headers.get('vary')).toContain('origin');
      }
    },
  );

  it('is never let send the credentials of a browser', async () => {
    const { get } = await start({ corsOrigins: [origin] });
    const { headers } = await get('/graphql', preflight(origin));
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('may not where there is no list', async () => {
    const { get } = await start();
    const { status, headers } = await get('/graphql', preflight(origin));
    expect(status).toBe(405);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('10.24 a body', () => {
  const send = ({ get }: Running, body: Uint8Array<ArrayBuffer> | string, encoding: string) =>
    get('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body,
    });

  const zipped = (text: string) => new Uint8Array(gzipSync(text));

  it('may be compressed', async () => {
    const running = await start();
    expect((await send(running, zipped('{"query":"{ me }"}'), 'gzip')).body).toEqual(ME);
    expect((await send(running, '{"query":"{ me }"}', 'identity')).body).toEqual(ME);
  });

  it('is bounded also when it is inflated', async () => {
    const running = await start({ limits: { bodyBytes: 10_000 } });
    const bomb = zipped(`{"query":"{ me }"${' '.repeat(10_000_000)}}`);
    expect(bomb.length).toBeLessThan(10_000);
    const { status, body } = await send(running, bomb, 'gzip');
    expect([status, body.errors[0].extensions]).toEqual([413, { code: 'BAD_USER_INPUT' }]);
    expect((await send(running, zipped('{"query":"{ me }"}'), 'gzip')).body).toEqual(ME);
  });

  it.each([
    ['{"query":"{ me }"}', 'gzip', 400],
    ['{"query":"{ me }"}', 'zip', 415],
    ['{"query":"{ me }"}', 'gzip, gzip', 415],
  ])('%s as %s is %i', async (body, encoding, expected) => {
    const answer = await send(await start(), body, encoding);
    expect([answer.status, answer.body.errors[0].extensions]).toEqual([
      expected,
      { code: 'BAD_USER_INPUT' },
    ]);
  });

  it('that names a document by its hash is answered as clients expect', async () => {
    const running = await start();
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } };
    const answered = {
      errors: [
        {
          message: 'PersistedQueryNotSupported',
          extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
        },
      ],
    };
    const bySearch = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const headers = { 'content-type': 'application/json' };
    const post = (body: object) =>
      running.get('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
    for (const { status, body } of [await post({ extensions }), await running.get(bySearch)]) {
      expect([status, body]).toEqual([200, answered]);
    }
    expect((await post({ query: '{ me }', extensions })).body).toEqual(ME);
  });
});
