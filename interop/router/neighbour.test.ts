import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, endpoint, FIONA, MIA, tokenOf } from '../support/gateway.js';
import { ROOT } from '../support/recipe.js';
import { type Started, start } from '../support/start.js';
import { composeSupergraph } from './compose.js';
import { createRouter } from './router.js';

const NEIGHBOUR = join(ROOT, 'examples', 'neighbour', 'neighbour.ts');

/** What the router sent to a subgraph. */
interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

let neighbour: Started;
let router: string;
let sent: Sent[] = [];
const server = createServer();

beforeAll(async () => {
  neighbour = await start(NEIGHBOUR, { PORT: '0' }, /listens on (\S+)/);
  const supergraph = composeSupergraph({ heimdall: endpoint, neighbour: neighbour.url });
  server.on(
    'request',
    createRouter(supergraph, (url, options) => {
      const { query, variables } = JSON.parse(String(options?.body));
      sent.push({ url: String(url), headers: new Headers(options?.headers), query, variables });
      return fetch(url, options);
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  router = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await neighbour?.stop();
});
beforeEach(() => {
  sent = [];
});

const toHeimdall = () => sent.filter(({ url }) => url === endpoint);

async function ask(who: string | null, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(router, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(who === null ? {} : { authorization: `Bearer ${await tokenOf(who)}` }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const FORMS_OF_COMMENTS = '{ comments { id text form { name } } }';

describe('issue 10, number 29: a neighbour in the same graph', () => {
  it('adds to the rows that the gateway lists', async () => {
    const answer = await ask(
      MIA,
      '{ formByName(name: "Expense Claim") { name comments { text } } }',
    );
    expect(answer).toEqual({
      data: {
        formByName: {
          name: 'Expense Claim',
          comments: [{ text: 'Asks for the receipt twice.' }, { text: 'Fixed.' }],
        },
      },
    });
  });

  it('refers to rows, which come in one request for all', async () => {
    const { data } = await ask(FIONA, FORMS_OF_COMMENTS);
    expect(data.comments.map(({ form }: { form: unknown }) => form)).toEqual([
      { name: 'Expense Claim' },
      { name: 'Invoice Approval' },
      { name: 'Expense Claim' },
      null,
    ]);
    expect(toHeimdall()).toHaveLength(1);
    expect(toHeimdall()[0]?.query).toContain('_entities');
  });

  it.each([
    ['null, with a name that is never null', 'form { name }', null],
    ['the id that the neighbour has, with fields that may be null', 'form { id description }', {}],
  ])('shows of a form that is hidden what it shows of none (D14): %s', async (_, fields, shown) => {
    const answer = await ask(MIA, `{ comments { id ${fields} } }`);
    const [open, hidden, , none] = answer.data.comments;
    if (shown === null) expect(open.form).toEqual({ name: 'Expense Claim' });
    for (const comment of [hidden, none]) {
      expect(comment.form).toEqual(shown && { id: expect.any(String), description: null });
    }
    /** What is said of one comment, without what tells it from the others. */
    const saidOf = (index: number) =>
      ((answer.errors ?? []) as readonly { readonly path: readonly unknown[] }[])
        .filter(({ path }) => path[1] === index)
        .map(({ path, ...said }) => ({ ...said, path: path.with(1, 'any') }));
    expect(saidOf(1)).toEqual(saidOf(3));
    expect(JSON.stringify(answer)).not.toMatch(/hidden|forbidden|Invoice Approval/i);
  });

  it('and to whom manages it, the form', async () => {
    const { data } = await ask(ALICE, '{ comments { form { name canManage } } }');
    expect(data.comments[1].form).toEqual({ name: 'Invoice Approval', canManage: true });
  });

  it('has the gateway told who asks, in which place, and in which request', async () => {
    const headers = { 'x-heimdall-scope': 'global', 'x-request-id': 'asked-once', cookie: 'a=b' };
    const count = '{ forms(first: 1) { totalCount } comments { id } }';
    const here = await ask(MIA, count);
    const globally = await ask(MIA, count, headers);
    expect(globally.errors).toBeUndefined();
    expect(globally.data.forms.totalCount).toBeLessThan(here.data.forms.totalCount);
    const [, last] = toHeimdall();
    expect(last?.headers.get('authorization')).toBe(`Bearer ${await tokenOf(MIA)}`);
    expect(last?.headers.get('x-request-id')).toBe('asked-once');
    expect(last?.headers.get('cookie')).toBeNull();
  });

  it('gets nothing of the gateway for who has no token, and everything of the neighbour', async () => {
    const { data, errors } = await ask(null, '{ comments { id form { description } } }');
    expect(data.comments).toHaveLength(4);
    expect(data.comments.map(({ form }: { form: unknown }) => form)).toEqual(
      Array(4).fill({ description: null }),
    );
    expect(errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});
