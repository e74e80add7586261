import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Database } from './data/clients.js';
import type { DemoPeople } from './http/people.js';
import type { Authenticate } from './http/router.js';
import { createHttpServer, type HttpServer } from './http/server.js';
import { authenticate } from './identity/authenticate.js';
import { createTokenVerifier, type TokenSettings } from './identity/verify-token.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import type { Policies } from './policy/define-policy.js';
import { createGateway, type Gateway, policies, schema } from './schema.js';

/** Who asks: by bearer tokens (D18), or in a way of the assembler's own, as benchmarks have it. */
type Credentials =
  | { readonly tokens: TokenSettings; readonly authenticate?: never }
  | { readonly authenticate: Authenticate; readonly tokens?: never };

/** What a gateway is put together from. */
export type AssembleOptions = Credentials & {
  /** Open, and migrated; whoever opened it closes it, after the server. */
  readonly database: Database;
  readonly log: Logger;
  /** Those that are left out have their defaults. */
  readonly limits?: Partial<Limits>;
  /** Others than the gateway's own are for measuring what these cost. */
  readonly policies?: Policies;
  /** Tells callers the messages of unexpected errors. */
  readonly development?: boolean;
  /** Whom GraphiQL offers to act as. INVARIANT: for a kept secret in development alone. */
  readonly people?: DemoPeople | undefined;
};

/** A gateway whose parts belong together. */
export interface Assembled {
  readonly schema: GraphQLSchema;
  readonly gateway: Gateway;
  /** It listens to nothing yet. */
  readonly server: HttpServer;
}

/** Puts the gateway together over an open database: the one way for the start, tests and benchmarks. */
export function assemble(options: AssembleOptions): Assembled {
  const { database, log, development = false } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const gateway = createGateway(database.client, options.policies ?? policies, limits);
  const server = createHttpServer({
    schema,
    authenticate: options.authenticate ?? byToken(database, options.tokens, limits),
    contextFor: gateway.contextFor,
    isHealthy: async () => (await database.sql.query('SELECT 1')).length === 1,
    log,
    development,
    people: options.people,
    graphiql: {},
    limits,
  });
  return { schema, gateway, server };
}

function byToken({ client }: Database, tokens: TokenSettings, limits: Limits): Authenticate {
  const verifyToken = createTokenVerifier(tokens, limits);
  return (headers) => authenticate(headers, { client, verifyToken, limits });
}
