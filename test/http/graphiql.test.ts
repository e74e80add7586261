import { parse, validate } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EXAMPLE_TABS, HEADERS_HINT } from '../../src/http/example-tabs.js';
import { schema } from '../../src/schema.js';
import { start } from './support.js';

const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

test('/ leads to GraphiQL', async () => {
  const { get } = await start();
  const { status, headers } = await get('/');
  expect(status).toBe(302);
  expect(headers.get('location')).toBe('/graphql');
});

/** The address of each script and style that the page loads. */
function loadedBy(page: string): string[] {
  return [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, path]) => path ?? '');
}

test('GraphiQL comes whole and loads nothing from anywhere', async () => {
  const { get } = await start();
  const { status, headers, text } = await get('/graphql', BROWSER);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(loadedBy(text)).toEqual([
    expect.stringMatching(/^\/graphiql\/icon-[\w-]{20}\.img$/),
    expect.stringMatching(/^\/graphiql\/graphiql-[\w-]{20}\.css$/),
    expect.stringMatching(/^\/graphiql\/graphiql-[\w-]{20}\.js$/),
  ]);
  expect(text).not.toMatch(/<script>|https?:\/\//);
  const [, style = '', script = ''] = await Promise.all(
    loadedBy(text).map(async (path) => (await get(path)).text),
  );
  expect(script).toContain('YogaGraphiQL.renderYogaGraphiQL(');
  expect(style).not.toMatch(/@import|url\(\s*["']?https?:/i);
  const workers = [...script.matchAll(/"(\/graphiql\/[\w-]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(workers).toHaveLength(3);
  for (const path of workers) {
    const worker = await get(path);
    expect(worker.status).toBe(200);
    expect(worker.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  }
  expect((await get('/graphiql/graphiql-x.js')).status).toBe(404);
});

describe('10.6 the 9 MB of GraphiQL', () => {
  test('are compressed, and kept by a browser until they change', async () => {
    const { url, get } = await start();
    const page = await get('/graphql', BROWSER);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text.length).toBeLessThan(20_000);
    const path = loadedBy(page.text).find((one) => one.endsWith('.js')) ?? '';
    const warnings: Error[] = [];
    const warned = (warning: Error) => void warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const lengths: number[] = [];
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { headers, text } = await get(path, { headers: { 'accept-encoding': encoding } });
      expect(headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('vary')).toBe('accept-encoding');
      lengths.push(Number(headers.get('content-length') ?? text.length));
    }
    // Such as of too many who wait for the end of one answer.
    expect(warnings).toEqual([]);
    const [br = 0, zipped = 0, plain = 0] = lengths;
    expect(plain).toBeGreaterThan(1_000_000);
    expect(zipped).toBeLessThan(plain / 3);
    expect(br).toBeLessThan(zipped);
    const etag = (await get(path)).headers.get('etag') ?? '';
    expect(path).toContain(etag.slice(1, -1));
    const again = await fetch(`${url}${path}`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('are not there where they are turned off', async () => {
    const { get } = await start({ graphiql: null });
    for (const path of ['/', '/graphiql/graphiql-x.js']) {
      expect((await get(path, BROWSER)).status).toBe(404);
    }
    const { headers } = await get('/graphql', BROWSER);
    expect(headers.get('content-type')).toContain('json');
  });
});

test('the browser holds it to that', async () => {
  const { get } = await start();
  const policy = (await get('/graphql', BROWSER)).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|\*|unsafe/);
});

test('each page has a nonce of its own, by which its styles are known', async () => {
  const { get } = await start();
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { headers, text } = await get('/graphql', BROWSER);
      const nonce = /data-nonce="([^"]+)"/.exec(text)?.[1] ?? '';
      expect(headers.get('content-security-policy')).toContain(
        `style-src 'self' 'nonce-${nonce}';`,
      );
      return nonce;
    }),
  );
  expect(new Set(nonces).size).toBe(2);
  for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
});

test('it opens with the example tabs, which hold no credential', async () => {
  const { get } = await start();
  const { text } = await get('/graphql', BROWSER);
  const options =
    /<script type="application\/json" id="options" data-nonce="[^"]+">(.*?)<\/script>/.exec(
      text,
    )?.[1];
  const { defaultTabs, defaultHeaders, endpoint } = JSON.parse(options ?? '');
  expect(defaultTabs.map(({ query }: { query: string }) => query)).toEqual(
    EXAMPLE_TABS.map(({ query }) => query),
  );
  expect(defaultHeaders).toBe(HEADERS_HINT);
  expect(endpoint).toBe('/graphql');
  expect(options).not.toMatch(/ey[\w-]+\.[\w-]+\./);
});

test.each(EXAMPLE_TABS)('the example tab $query is of this schema', ({ query }) => {
  expect(validate(schema, parse(query))).toEqual([]);
});

test('the hint in the headers pane sends no header', () => {
  const withoutComments = HEADERS_HINT.replace(/^\s*\/\/.*$/gm, '');
  expect(JSON.parse(withoutComments)).toEqual({});
});

test('a client that wants JSON gets the answer, not the page', async () => {
  const { get } = await start();
  const { body } = await get('/graphql?query={me}', { headers: { accept: 'application/json' } });
  expect(body).toEqual({ data: { me: 'anonymous' } });
});
