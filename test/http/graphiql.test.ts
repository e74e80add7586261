import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
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

test('GraphiQL comes whole and loads nothing from anywhere', async () => {
  const { get } = await start();
  const { status, headers, text } = await get('/graphql', BROWSER);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-encoding')).toBe('gzip');
  expect(text).toContain('YogaGraphiQL.renderYogaGraphiQL(');
  // The page's own markup: what stands between its script and style elements.
  const markup = text.replace(/(<(script|style)>)[\s\S]*?<\/\2>/g, '$1');
  expect(markup.length).toBeLessThan(200_000);
  expect(markup).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//i);
  expect(text).not.toMatch(/unpkg\.com|jsdelivr|cdnjs|googleapis/);
  expect(text.match(/<style>[\s\S]*?<\/style>/)?.[0]).not.toMatch(/@import|url\(\s*["']?https?:/i);
});

test('the browser holds it to that', async () => {
  const { get } = await start();
  const policy = (await get('/graphql', BROWSER)).headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|\*/);
});

test('the page is sent once', async () => {
  const { get } = await start();
  const etag = (await get('/graphql', BROWSER)).headers.get('etag') ?? '';
  const again = await get('/graphql', {
    headers: { ...BROWSER.headers, 'if-none-match': etag },
  });
  expect(again.status).toBe(304);
  expect(again.text).toBe('');
});

test('it opens with the example tabs, which hold no credential', async () => {
  const { get } = await start();
  const { text } = await get('/graphql', BROWSER);
  const options = text.slice(text.lastIndexOf('renderYogaGraphiQL('));
  for (const { query } of EXAMPLE_TABS) {
    expect(options).toContain(JSON.stringify(query));
  }
  expect(options).toContain(JSON.stringify(HEADERS_HINT));
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
