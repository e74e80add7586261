import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, endpoint, FIONA, MIA, tokenOf } from '../support/gateway.js';
import { ROOT } from '../support/recipe.js';
import { type Started, start } from '../support/start.js';
import { composeSupergraph } from './compose.js';

const NEIGHBOUR = join(ROOT, 'examples', 'neighbour', 'neighbour.ts');
/** What docs/federation.md says to forward, of what these tests send. */
const FORWARDED = ['authorization', 'x-heimdall-scope'] as const;

let neighbour: Started;
const routers = new Map<string, string>();
const ends: (() => unknown)[] = [];

/** Apollo's gateway behind Apollo Server, with credentials and place forwarded. */
async function startApollo(supergraphSdl: string): Promise<string> {
  type Headers = Readonly<Record<string, string | undefined>>;
  class Forwarding extends RemoteGraphQLDataSource {
    override willSendRequest({ request, context }: Parameters<WillSend>[0]): void {
      for (const name of FORWARDED) {
        const value = (context as { headers?: Headers }).headers?.[name];
        if (value !== undefined) request.http?.headers.set(name, value);
      }
    }
  }
  type WillSend = NonNullable<RemoteGraphQLDataSource['willSendRequest']>;
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) => new Forwarding({ url }),
  });
  const server = new ApolloServer({ gateway });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  ends.push(() => server.stop());
  return url;
}

/** Hive Gateway's runtime, the same. */
async function startHive(supergraph: string): Promise<string> {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    landingPage: false,
    graphiql: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(
          FORWARDED.flatMap((name) => {
            const value = request.headers.get(name);
            return value === null ? [] : [[name, value]];
          }),
        ),
    },
  });
  const server = createServer(gateway);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
    await gateway.dispose();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

beforeAll(async () => {
  neighbour = await start(NEIGHBOUR, { PORT: '0' }, /listens on (\S+)/);
  ends.push(() => neighbour.stop());
  const supergraph = composeSupergraph({ heimdall: endpoint, neighbour: neighbour.url });
  routers.set('Apollo', await startApollo(supergraph));
  routers.set('Hive', await startHive(supergraph));
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

interface Answered {
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly data: any;
  readonly errors?: readonly { readonly path: readonly (string | number)[] }[];
  readonly extensions?: { readonly valueCompletion?: Answered['errors'] };
}

async function ask(
  router: string,
  who: string | null,
  query: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const credential = who === null ? {} : { authorization: `Bearer ${await tokenOf(who)}` };
  const response = await fetch(String(routers.get(router)), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential, ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answered;
}

describe.each(['Apollo', 'Hive'])("%s's gateway, beside a neighbour", (router) => {
  it.each([
    [MIA, ['Expense Claim', null, 'Expense Claim', null]],
    [FIONA, ['Expense Claim', 'Invoice Approval', 'Expense Claim', null]],
    [ALICE, ['Expense Claim', 'Invoice Approval', 'Expense Claim', null]],
  ])('shows %s the forms that they may read', async (who, names) => {
    const { data } = await ask(router, who, '{ comments { text form { name } } }');
    const shown = data.comments.map(({ form }: { form: { name: string } | null }) => form?.name);
    expect(shown).toEqual(names.map((name) => name ?? undefined));
  });

  it.each([
    // She uses the launcher, and is not shown the scope that the key names.
    [MIA, [null, null, null]],
    [ALICE, ['Acme Launcher', 'Finance Desk', null]],
  ])('shows %s the apps of which they may read the natural key', async (who, names) => {
    const { data } = await ask(router, who, '{ tips { text app { name } } }');
    const shown = data.tips.map(({ app }: { app: { name: string } | null }) => app?.name ?? null);
    expect(shown).toEqual(names);
  });

  it.each([MIA, FIONA, ALICE])('adds to what %s is listed', async (who) => {
    const { data, errors } = await ask(
      router,
      who,
      '{ formByName(name: "Expense Claim") { name comments { text } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.formByName.comments).toHaveLength(2);
  });

  it.each(['form { id description }', 'form { name }'])(
    'says of a hidden form what it says of none (D14): %s',
    async (fields) => {
      const answer = await ask(router, MIA, `{ comments { ${fields} } }`);
      const shown = answer.data.comments.map(({ form }: { form: object | null }) =>
        form === null ? null : { ...form, ...('id' in form ? { id: 'any' } : {}) },
      );
      const hidden = fields.includes('name') ? null : { id: 'any', description: null };
      expect([shown[1], shown[3]]).toEqual([hidden, hidden]);
      const said = [...(answer.errors ?? []), ...(answer.extensions?.valueCompletion ?? [])];
      const of = (index: number) =>
        said
          .filter(({ path }) => path[1] === index)
          .map(({ path, ...one }) => ({ ...one, path: path.with(1, 'any') }));
      expect(of(1)).toEqual(of(3));
      expect(JSON.stringify(answer)).not.toMatch(/hidden|forbidden|Invoice Approval/i);
    },
  );

  it('is told the place', async () => {
    const count = '{ forms(first: 1) { totalCount } }';
    const here = await ask(router, ALICE, count);
    const globally = await ask(router, ALICE, count, { 'x-heimdall-scope': 'global' });
    expect(globally.data.forms.totalCount).toBeLessThan(here.data.forms.totalCount);
  });

  it('shows who has no token what the neighbour knows, and nothing of the gateway', async () => {
    const { data } = await ask(router, null, '{ comments { text form { description } } }');
    expect(data.comments).toHaveLength(4);
    expect(
      data.comments.every(
        ({ form }: { form: { description?: string } | null }) => !form?.description,
      ),
    ).toBe(true);
  });

  it('has no way to what is for workers', async () => {
    const { errors = [] } = await ask(
      router,
      ALICE,
      'mutation { claimExecutions(input: { max: 1, leaseSeconds: 15, wait: 0 }) { __typename } }',
    );
    expect(JSON.stringify(errors)).toMatch(/Cannot query field \\?"claimExecutions/);
  });
});
