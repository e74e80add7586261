import { ForbiddenError } from '@pothos/plugin-scope-auth';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { onTestFinished } from 'vitest';
import { notFound, scopeForbidden, unauthenticated, unavailable } from '../../src/errors.js';
import { createLog } from '../../src/http/log.js';
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
} from '../../src/http/server.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';

/** A message that must never leave the gateway or be logged with a request. */
export const SECRET = 'SELECT "value" FROM "Config" -- hunter2';

export const MIA: Principal = { ...ANONYMOUS, kind: 'USER', label: 'mia@acme.example' };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the answer.
  readonly body: any;
  readonly text: string;
}

interface Ask {
  readonly token?: string;
  readonly variables?: unknown;
  readonly headers?: Record<string, string>;
}

/** A running server with a schema of its own, and everything that it has logged. */
export interface Running {
  readonly url: string;
  readonly server: HttpServer;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a line.
  readonly logged: any[];
  get(path: string, init?: RequestInit): Promise<Answer>;
  ask(query: string, ask?: Ask): Promise<Answer>;
}

const typeDefs = /* GraphQL */ `
  scalar Even
  input Filter { even: Even }
  type Query {
    me: String
    self: Query!
    list(first: Int = 3, filter: Filter): [Query!]!
    text(is: String!): String
    broken: String
    brokenHere: String!
    thrownText: String
    unserialisable: Int
    refused: String
    hidden: String
    libraryError: String
    slow: String
    away: String
  }
  type Mutation {
    write: String
    done: Query
    undone: Query
    lost: Query
  }
  type Subscription { ticks: Int }
`;

/** Resolves the `slow` field of every server; tests call it when they have seen enough. */
export const slow = { started: () => {}, gate: Promise.resolve() };

const resolvers = {
  Even: new GraphQLScalarType({
    name: 'Even',
    parseValue(value) {
      if (typeof value !== 'number' || value % 2) throw new TypeError('must be an even number');
      return value;
    },
  }),
  Query: {
    me: (_: unknown, __: unknown, context: { me: string }) => context.me,
    self: () => ({}),
    list: () => [{}],
    text: (_: unknown, { is }: { is: string }) => is,
    broken: () => {
      throw Object.assign(new Error(SECRET), {
        extensions: { sql: SECRET },
        meta: { sql: SECRET },
      });
    },
    brokenHere: () => {
      throw new Error(SECRET);
    },
    thrownText: () => {
      throw SECRET;
    },
    unserialisable: () => SECRET,
    refused: () => {
      throw new ForbiddenError(SECRET);
    },
    hidden: () => {
      throw notFound();
    },
    libraryError: () => {
      throw new GraphQLError(SECRET, { extensions: { code: 'SQL_FAILED', sql: SECRET } });
    },
    slow: async () => {
      slow.started();
      await slow.gate;
      return 'at last';
    },
    away: () => {
      throw unavailable(new Error(SECRET));
    },
  },
  Mutation: {
    write: () => 'written',
    done: () => ({}),
    undone: () => {
      throw unavailable(new Error(SECRET));
    },
    lost: () => {
      throw unavailable(new Error(SECRET), { outcomeUnknown: true });
    },
  },
  Subscription: {
    ticks: {
      async *subscribe() {
        yield { ticks: 1 };
        throw new Error(SECRET);
      },
    },
  },
};

const schema = createSchema({ typeDefs, resolvers });

async function authenticate(headers: Pick<Headers, 'get'>): Promise<Principal> {
  const header = headers.get('authorization');
  if (header === null) return ANONYMOUS;
  if (header === 'Bearer mia') return MIA;
  if (header === 'Bearer out-of-reach') throw new Error(SECRET);
  throw unauthenticated(new Error('"exp" claim timestamp check failed'));
}

async function contextFor(
  principal: Principal,
  { scopeHeader }: { readonly scopeHeader: string | null },
): Promise<object> {
  if (scopeHeader === 'broken') throw new Error(SECRET);
  if (scopeHeader === 'text') throw SECRET;
  if (scopeHeader !== null) throw scopeForbidden();
  return { me: principal.label };
}

/** Starts a server on a free port; it is closed when the test ends. */
export async function start(options: Partial<HttpServerOptions> = {}): Promise<Running> {
  const logged: unknown[] = [];
  const server = createHttpServer({
    schema,
    authenticate,
    contextFor,
    isHealthy: async () => true,
    log: createLog('debug', { write: (line) => void logged.push(JSON.parse(line)) }),
    development: false,
    graphiql: {},
    ...options,
  });
  const url = await server.listen('127.0.0.1', 0);
  onTestFinished(() => server.close(0));

  const get = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const body = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body };
  };
  const ask = (query: string, { token, variables, headers = {} }: Ask = {}): Promise<Answer> =>
    get('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
  return { url, server, logged: logged as Running['logged'], get, ask };
}

/** The line of the access log about the only request so far, once it has been written. */
export async function accessLine({ logged }: Running) {
  const { vi } = await import('vitest');
  return vi.waitUntil(() => logged.find(({ msg }) => msg === 'request'), { interval: 5 });
}
