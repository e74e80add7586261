import { request } from 'node:http';
import { createContext, Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { renderBanner } from '../../src/http/banner.js';
import { pickerScript } from '../../src/http/person-picker.js';
import { start } from './support.js';

const BROWSER = { headers: { accept: 'text/html' } };
const MIA = { email: 'mia@acme.example', name: 'Mia', what: 'member without a role' };
const people = { list: [MIA], tokenFor: async (email: string) => `token of ${email}` };
const MIA_TOKEN = `/people?email=${encodeURIComponent(MIA.email)}`;

/** The status of a request with headers that fetch does not let one set. */
function statusOf(url: string, headers: Record<string, string>, method = 'POST'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, setHost: headers.host === undefined },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.once('error', reject).end();
  });
}

describe('issue 10, number 26: the people of the demo world', () => {
  test('are listed, and each has a token', async () => {
    const { get } = await start({ people });
    const list = await get('/people');
    expect([list.status, list.body]).toEqual([200, { people: [MIA] }]);
    expect(list.headers.get('cache-control')).toBe('no-store');
    const { status, body, headers } = await get(MIA_TOKEN, { method: 'POST' });
    expect([status, body]).toEqual([200, { token: 'token of mia@acme.example' }]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('may be called anything: no page is made of their names', async () => {
    const name = '</script><img src=x onerror=alert(1)>\r\n{"level":30}';
    const { get } = await start({ people: { ...people, list: [{ ...MIA, name, what: name }] } });
    const list = await get('/people');
    expect(list.body.people[0].name).toBe(name);
    expect(list.headers.get('content-type')).toMatch(/^application\/json/);
    expect(list.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('/graphql', BROWSER)).text).not.toContain('onerror');
    // The bar puts them into options, as text.
    const text = pickerScript('');
    expect(text).toContain('new Option(name');
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  });

  test('and nobody else has one', async () => {
    const { get } = await start({ people });
    for (const email of ['', 'root@acme.example', 'MIA@acme.example', '__proto__']) {
      expect((await get(`/people?email=${email}`, { method: 'POST' })).status).toBe(404);
    }
    expect((await get('/people', { method: 'POST' })).status).toBe(404);
    expect((await get('/people', { method: 'DELETE' })).status).toBe(404);
  });

  test('are nowhere unless they are handed in', async () => {
    const { get } = await start();
    for (const method of ['GET', 'POST']) {
      const { status, text } = await get(MIA_TOKEN, { method });
      expect([status, text]).toEqual([404, (await get('/nowhere', { method })).text]);
    }
    expect((await get('/graphql', BROWSER)).text).not.toContain('id="picker"');
  });

  test.each<[string, Record<string, string>]>([
    ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['a proxy in other words', { forwarded: 'for=203.0.113.9' }],
    ['another name of this machine', { host: 'evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another gateway', { origin: 'http://127.0.0.1:1' }],
    ['a page of nowhere', { origin: 'null' }],
  ])('are not told to %s', async (_who, headers) => {
    const { url } = await start({ people });
    expect(await statusOf(`${url}${MIA_TOKEN}`, headers)).toBe(404);
    expect(await statusOf(`${url}/people`, headers, 'GET')).toBe(404);
    const own = { host: new URL(url).host, origin: url };
    expect(await statusOf(`${url}${MIA_TOKEN}`, own)).toBe(200);
  });
});

describe('issue 10, number 26: the person picker of GraphiQL', () => {
  test('is on the page where there are people, and its script is JavaScript', async () => {
    const { get } = await start({ people });
    const { text } = await get('/graphql', BROWSER);
    expect(text).toMatch(/<div id="picker" hidden>.*<div id="root"><\/div>.*<script src/s);
    // The page's policy runs no script that stands in it.
    expect(text).not.toContain('<script>');
    const script = await scriptOf(text, get);
    expect(() => new Script(script)).not.toThrow();
    expect(text + script).not.toContain(MIA.email);
  });

  test('is behind the prefix of a proxy as well, and away with GraphiQL', async () => {
    const { get } = await start({ people, pathPrefix: '/heimdall' });
    const { text } = await get('/heimdall/graphql', BROWSER);
    expect(await scriptOf(text, get)).toMatch(/\("\/heimdall"\);$/);
    expect((await get('/heimdall/people')).body).toEqual({ people: [MIA] });
    const without = await start({ people, graphiql: null });
    expect((await without.get('/people')).status).toBe(404);
  });

  test('sends the token of who is chosen with each request that has none of its own', async () => {
    const { get, url } = await start({ people });
    const { text } = await get('/graphql', BROWSER);
    const page = new Page(url);
    page.run(await scriptOf(text, get));
    await page.until(() => page.options.length > 0);
    expect(page.options).toEqual(['Mia (mia@acme.example)']);
    expect(page.bar.hidden).toBe(false);

    await page.fetch('/graphql', {});
    expect(page.authorization()).toBeNull();
    page.choose(MIA.email);
    await page.fetch('/graphql', { headers: { 'content-type': 'application/json' } });
    expect(page.authorization()).toBe('Bearer token of mia@acme.example');
    await page.fetch('/graphql', { headers: { authorization: 'Bearer mine' } });
    expect(page.authorization()).toBe('Bearer mine');
    page.choose('');
    await page.fetch('/graphql', {});
    expect(page.authorization()).toBeNull();
  });
});

/** The script of the picker that a page loads, before GraphiQL's own. */
async function scriptOf(page: string, get: (path: string) => Promise<{ text: string }>) {
  const [, path = ''] = /<script src="([^"]+)"/.exec(page) ?? [];
  expect(path).toMatch(/\/graphiql\/picker-[\w-]{20}\.js$/);
  return (await get(path)).text;
}

/** As much of a browser's page as the picker touches. */
class Page {
  readonly bar = { hidden: true, title: '', querySelector: (name: string) => this.#parts[name] };
  readonly options: string[] = [];
  readonly #sent: Headers[] = [];
  readonly #kept = new Map<string, string>();
  #changed = () => {};
  readonly #select = {
    value: '',
    selectedOptions: [],
    append: ({ text }: { text: string }) => void this.options.push(text),
    addEventListener: (_name: string, listener: () => void) => {
      this.#changed = listener;
    },
  };
  readonly #parts: Record<string, unknown> = { select: this.#select, output: { value: '' } };
  readonly #global: Record<string, unknown> & { fetch: typeof fetch };

  constructor(url: string) {
    const send = (path: string, init: RequestInit = {}) => {
      // Its own question about who is chosen is left out.
      if (path === '/graphql' && init.body === undefined)
        this.#sent.push(new Headers(init.headers));
      return fetch(`${url}${path}`, init);
    };
    this.#global = createContext({
      ...{ Headers, URL, encodeURIComponent, fetch: send },
      document: { querySelector: () => this.bar },
      Option: class {
        readonly text: string;
        constructor(text: string) {
          this.text = text;
        }
      },
      sessionStorage: {
        getItem: (key: string) => this.#kept.get(key) ?? null,
        setItem: (key: string, value: string) => void this.#kept.set(key, value),
      },
    }) as never;
  }

  run(script: string): void {
    new Script(script).runInContext(this.#global);
  }

  fetch(path: string, init: RequestInit): Promise<Response> {
    return this.#global.fetch(path, init);
  }

  /** Of the last request of the page. */
  authorization(): string | null {
    return this.#sent.at(-1)?.get('authorization') ?? null;
  }

  choose(email: string): void {
    this.#select.value = email;
    this.#changed();
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('issue 10, number 26: the start', () => {
  const url = 'http://127.0.0.1:4000';

  test('says the address first, and in a few lines who can be tried', () => {
    const text = renderBanner({ url, people: [MIA], more: 24, picker: true });
    expect(text.trimStart().startsWith(`GraphiQL:  ${url}/graphql\n`)).toBe(true);
    expect(text).toContain('mia@acme.example  member without a role\n  and 24 more.');
    expect(text).toContain('npm run -s token -- --user mia@acme.example');
    expect(text.split('\n').length).toBeLessThan(15);
  });

  test('offers nobody where nobody can be acted as', () => {
    const text = renderBanner({ url, people: [], more: 0, picker: false });
    expect(text.trim().split('\n')).toEqual([
      `GraphiQL:  ${url}/graphql`,
      `health:    ${url}/health`,
    ]);
  });
});

describe('issue 10, number 26: a refused token', () => {
  const refused = { token: 'expired' };
  const told = 'the credential is missing or not valid';

  test('says why in development', async () => {
    const { ask } = await start({ development: true });
    const { status, body } = await ask('{ me }', refused);
    expect(status).toBe(401);
    expect(body.errors[0]).toEqual({
      message: `${told}: "exp" claim timestamp check failed`,
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  test('and nowhere else', async () => {
    const { ask } = await start();
    expect((await ask('{ me }', refused)).body.errors[0].message).toBe(told);
  });
});
