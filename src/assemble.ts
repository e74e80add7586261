import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Database } from './data/clients.js';
import type { Transaction } from './data/write/in-transaction.js';
import { describeError } from './http/log.js';
import type { DemoPeople } from './http/people.js';
import type { Authenticate, RouterParts } from './http/router.js';
import { createHttpServer, type HttpServer } from './http/server.js';
import { authenticate } from './identity/authenticate.js';
import { createKeySource, type TokenSettings } from './identity/key-source.js';
import { createLastUses, type LastUses } from './identity/last-uses.js';
import { loadPrincipal, loadPrincipalAnew, loadPrincipals } from './identity/load-principal.js';
import { createTokenVerifier } from './identity/verify-token.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import type { Policies } from './policy/define-policy.js';
import type { Principal } from './policy/principal.js';
import { createGateway, type Gateway, schema } from './schema.js';
import type { Keyring } from './secrets/keyring.js';

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
  /** What encrypts secrets (D16); without it none is stored or revealed. */
  readonly keyring?: Keyring | undefined;
  /** Others than the gateway's own are for measuring what these cost. */
  readonly policies?: Policies;
  /** Tells callers the messages of unexpected errors. */
  readonly development?: boolean;
  /** What is served besides answers, and to whom; left out: all of it, at no prefix, to our own pages. */
  readonly surface?: Partial<Surface>;
  /** Whom GraphiQL offers to act as. INVARIANT: for a kept secret in development alone. */
  readonly people?: DemoPeople | undefined;
};

/** What of the gateway can be seen from where. */
export interface Surface {
  readonly graphiql: boolean;
  /** `__schema` and `__type`. */
  readonly introspection: boolean;
  /** `_service`, by which a router composes the subgraph. */
  readonly subgraphSdl: boolean;
  /** Whether anything can be changed. */
  readonly mutations: boolean;
  readonly corsOrigins: readonly string[];
  readonly pathPrefix: string;
}

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
  const { graphiql = true, mutations = true, ...surface } = options.surface ?? {};
  const gateway = createGateway(database.client, {
    policies: options.policies,
    keyring: options.keyring,
    limits,
    principalOf: (userId) => loadPrincipal(database.client, { userId }, limits),
    principalsOf: (userIds) => loadPrincipals(database.client, userIds, limits),
    ...(mutations && {
      principalAnew: (tx: Transaction, principal: Principal) =>
        loadPrincipalAnew(tx, principal, limits),
    }),
  });
  const uses = createLastUses(database.client, (error) => {
    log.warn(describeError(error), 'when keys were used last could not be written');
  });
  const server = createHttpServer({
    schema,
    ...credentials(options, limits, uses.note),
    contextFor: gateway.contextFor,
    deciding: gateway.contextFor,
    isHealthy: async () => (await database.sql.query('SELECT 1')).length === 1,
    log,
    development,
    people: options.people,
    graphiql: graphiql ? {} : null,
    limits,
    ...surface,
  });
  if (database.isReadOnly) return { schema, gateway, server };
  return { schema, gateway, server: keepingUses(server, uses, limits.keyUsesMs) };
}

/** Writes when keys were used last while it serves, and when it stops. */
function keepingUses(server: HttpServer, uses: LastUses, everyMs: number): HttpServer {
  let timer: NodeJS.Timeout | undefined;
  return {
    ...server,
    listen(...where) {
      timer ??= setInterval(() => void uses.flush(), everyMs).unref();
      return server.listen(...where);
    },
    async close(...how) {
      clearInterval(timer);
      await server.close(...how);
      await uses.flush();
    },
  };
}

function credentials(
  { authenticate: own, tokens, database: { client } }: AssembleOptions,
  limits: Limits,
  used: LastUses['note'],
): Pick<RouterParts, 'authenticate' | 'hasKeys'> {
  if (own !== undefined) return { authenticate: own };
  const keys = createKeySource(tokens, limits);
  const verifyToken = createTokenVerifier(tokens, limits, keys);
  return {
    authenticate: (headers) => authenticate(headers, { client, verifyToken, limits, used }),
    hasKeys: keys.hasKeys,
  };
}
