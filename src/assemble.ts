import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { recordActing } from './audit/acting.js';
import { sweepChanges } from './data/changes.js';
import { reached as orUnavailable } from './data/clients/unreachable.js';
import type { Database } from './data/clients.js';
import { dataModel } from './data/generated-data-model.js';
import { lackingUpdates } from './data/up-to-date.js';
import { holderOf, type VectorHolder, vectorOf } from './data/write/authority.js';
import type { Transaction } from './data/write/in-transaction.js';
import { unauthenticated } from './errors.js';
import { reap } from './execution/reap.js';
import { describeError } from './http/log.js';
import type { DemoPeople } from './http/people.js';
import type { RequestHeaders } from './http/request-headers.js';
import type { RouterParts } from './http/router.js';
import { createHttpServer, type HttpServer } from './http/server.js';
import { authenticate, credentialIn } from './identity/authenticate.js';
import { createKeySource, type TokenSettings } from './identity/key-source.js';
import { KnownPrincipals } from './identity/known-principals.js';
import { rememberingTokens } from './identity/known-tokens.js';
import { createLastUses, type LastUses } from './identity/last-uses.js';
import {
  loadPrincipal,
  loadPrincipalAnew,
  loadPrincipals,
  loadProved,
  loadTeams,
  loadWithout,
  type UserReference,
} from './identity/load-principal.js';
import { systemPrincipal } from './identity/system-principal.js';
import { createTokenVerifier } from './identity/verify-token.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import { createLive } from './live/create-live.js';
import type { Hub } from './live/hub.js';
import type { Metrics, Watch } from './metrics/metrics.js';
import type { Policies } from './policy/define-policy.js';
import type { Principal } from './policy/principal.js';
import type { Caller } from './read/caller.js';
import type { Subscribing } from './request/live.js';
import type { SubgraphShown } from './request/reading.js';
import { createWake, type Wake } from './request/wake.js';
import { type Fired, type FiringJob, fireDue } from './resources/schedule/fire-due.js';
import { createGateway, type Gateway, policies, schema } from './schema.js';
import type { Keyring } from './secrets/keyring.js';
import { NamedDocuments, type NamedDocumentsOptions } from './shared/named-documents.js';
import { createRateLimits, type RateStore } from './shared/rate-limits.js';
import type { Tracing } from './telemetry/tracing.js';

/** Who asks: by bearer tokens (D18), or a user that a request names in the assembler's own way, as benchmarks have it. */
type Credentials =
  | { readonly tokens: TokenSettings; readonly userIdOf?: never }
  | { readonly userIdOf: (headers: Pick<Headers, 'get'>) => string; readonly tokens?: never };

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
  /** Whether it ends executions whose worker or whose time is over (D32), as long as it serves; left out, it does not. */
  readonly reaping?: boolean;
  /** Left out, compiled reads are on, and compared with nothing. */
  readonly reading?: Partial<Reading> | undefined;
  /** What several gateways know together; left out: each counts alone, and documents have no names. */
  readonly sharing?: Sharing | undefined;
  /** What is counted; without it nothing is. */
  readonly metrics?: Metrics | undefined;
  /** Traces requests; whoever opened it closes it. */
  readonly tracing?: Tracing | undefined;
  /** Whether requests should go elsewhere from now on. */
  readonly isStopping?: (() => boolean) | undefined;
};

/** What several gateways know together, and where. */
export interface Sharing {
  readonly rateStore?: RateStore | undefined;
  /** What addresses are named by there; left out: a random one. */
  readonly addressKey?: Uint8Array | undefined;
  readonly documents?: Pick<NamedDocumentsOptions, 'trusted' | 'trustedOnly' | 'store'> | undefined;
}

/** Which ways there are to answer what is asked. */
export interface Reading {
  readonly compiled: boolean;
  /** Of how many compiled answers the reference path is asked as well, from 0 to 1. */
  readonly shadow: number;
}

/** What of the gateway can be seen from where. */
export interface Surface {
  readonly graphiql: boolean;
  /** `__schema` and `__type`. */
  readonly introspection: boolean;
  /** `_service`, by which a router composes the subgraph. */
  readonly subgraphSdl: boolean;
  /** What that says. */
  readonly subgraph: SubgraphShown;
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
  /** Fires the schedules that are due now (D36); the server does so by itself while it serves. */
  readonly fireSchedules: () => Promise<Fired>;
}

/** Puts the gateway together over an open database: the one way for the start, tests and benchmarks. */
export function assemble(options: AssembleOptions): Assembled {
  const { database, log, development = false } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { graphiql = true, mutations = true, subgraph, ...surface } = options.surface ?? {};
  const { compiled = true, shadow = 0 } = options.reading ?? {};
  const wake = createWake({
    listen: database.listen,
    limits,
    onFailure: (error) => log.warn(describeError(error), 'what is notified cannot be heard'),
  });
  const live =
    database.isReadOnly || limits.subscriptions === 0
      ? undefined
      : createLive({
          ...database,
          dataModel,
          policies: options.policies ?? policies,
          limits,
          onFailure: (error) => log.warn(describeError(error), 'changes could not be told'),
        });
  const gateway = createGateway(database.client, {
    live,
    subgraph,
    send: compiled ? database.compiled : undefined,
    sendProved: database.replica?.send,
    traced: options.tracing?.traced,
    noteCheck: options.metrics?.checks.add,
    policies: options.policies,
    keyring: options.keyring,
    limits,
    principalOf: (userId) => loadPrincipal(database.client, { userId }, limits),
    principalsOf: (of, ids) =>
      (of === 'Team' ? loadTeams : loadPrincipals)(database.client, ids, limits),
    holdingsWithout: (principal, sets) => loadWithout(database.client, principal, sets),
    wake,
    ...(mutations && {
      principalAnew: (tx: Transaction, principal: Principal) =>
        loadPrincipalAnew(tx, principal, limits),
      principalNow: (tx: Transaction, holder: VectorHolder) => loadPrincipal(tx, holder, limits),
    }),
  });
  const uses = createLastUses(database.client, (error) => {
    log.warn(describeError(error), 'when keys were used last could not be written');
  });
  const server = createHttpServer({
    schema,
    ...credentials(options, limits, uses.note),
    contextFor: gateway.contextFor,
    lane: gateway.lane,
    shadow,
    deciding: gateway.contextFor,
    recordActing: (acting, requestId) =>
      orUnavailable(recordActing(database.client, acting, requestId)),
    isMigrated: async () => (await lackingUpdates(database)) === 0,
    isStopping: options.isStopping,
    metrics: options.metrics,
    tracing: options.tracing,
    isHealthy: async () => (await database.sql.query('SELECT 1')).length === 1,
    log,
    development,
    people: options.people,
    graphiql: graphiql ? {} : null,
    limits,
    rates: createRateLimits(limits, options.sharing?.rateStore, options.sharing?.addressKey),
    named: new NamedDocuments({
      ...options.sharing?.documents,
      limits,
      report: (reason) => log.warn({ reason }, 'the store of persisted queries is away'),
    }),
    ...surface,
  });
  if (options.metrics !== undefined) watchAll(options.metrics.watch, database, gateway);
  const waking = tellingUntilClosed(wakingUntilClosed(server, wake), live);
  const firingJob: FiringJob = {
    client: database.client,
    principal: systemPrincipal('scheduler'),
    async contextOf(userId) {
      const principal = await loadPrincipal(database.client, { userId }, limits);
      return principal && gateway.contextFor(principal, { scopeHeader: null });
    },
  };
  let reached: Fired['reached'] = null;
  const fireSchedules = async (): Promise<Fired> => {
    const fired = await fireDue(firingJob, reached);
    reached = fired.reached;
    return fired;
  };
  const made = { schema, gateway, fireSchedules };
  if (database.isReadOnly) return { ...made, server: waking };
  const sweep = async (): Promise<void> => {
    const { changesSeconds: seconds, changesRows: rows } = limits;
    await sweepChanges(database.sql, { seconds, rows }).catch((error: unknown) =>
      log.warn(describeError(error), 'changes that need not be kept could not be swept'),
    );
  };
  const sweeping =
    limits.changesSweepMs === 0 ? waking : whileServing(waking, sweep, limits.changesSweepMs);
  const keeping = keepingUses(sweeping, uses, limits.keyUsesMs);
  // Where nothing can be changed, nothing is launched.
  if (!mutations) return { ...made, server: keeping };
  const failed = (what: string) => (error: unknown) => log.warn(describeError(error), what);
  const notFired = failed('a schedule could not be fired, and is tried again');
  const fire = async (): Promise<void> => (await fireSchedules()).failed.forEach(notFired);
  const firing =
    limits.schedulesMs === 0
      ? keeping
      : whileServing(keeping, () => fire().catch(notFired), limits.schedulesMs);
  if (options.reaping !== true) return { ...made, server: firing };
  const reaping = { client: database.client, principal: systemPrincipal('reaper'), limits };
  const notReaped = failed('executions could not be reaped');
  const pass = () => reap(reaping).catch(notReaped);
  return { ...made, server: whileServing(firing, pass, limits.reapMs) };
}

/** Does something now and then while it serves, one time after the other, and ends after the one under way. */
function whileServing(
  server: HttpServer,
  work: () => Promise<unknown>,
  everyMs: number,
): HttpServer {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> | undefined;
  const again = (): void => {
    timer = setTimeout(() => {
      underWay = work().finally(() => {
        if (timer !== undefined) again();
      });
    }, everyMs).unref();
  };
  return {
    ...server,
    listen(...where) {
      if (timer === undefined) again();
      return server.listen(...where);
    },
    async close(...how) {
      clearTimeout(timer);
      timer = undefined;
      await server.close(...how);
      await underWay;
    },
  };
}

/** Who waits for executions is answered at once when it stops. */
function wakingUntilClosed(server: HttpServer, wake: Wake): HttpServer {
  return {
    ...server,
    async close(...how) {
      await Promise.all([wake.close(), server.close(...how)]);
    },
  };
}

/** Who is subscribed is told that it stops. */
function tellingUntilClosed(server: HttpServer, live: Hub | undefined): HttpServer {
  return {
    ...server,
    async close(...how) {
      await Promise.all([live?.close(), server.close(...how)]);
    },
  };
}

function watchAll(watch: Watch, { connections, replica }: Database, { lane, held }: Gateway): void {
  watch('heimdall_held_bytes', 'answers', () => held.bytes);
  if (lane !== undefined) watch('heimdall_cache_bytes', 'statements', () => lane.bytes);
  if (replica !== undefined) {
    for (const by of ['replica', 'primary'] as const) {
      watch('heimdall_replica_reads', by, () => replica.reads()[by]);
    }
  }
  if (connections === undefined) return;
  for (const state of ['open', 'idle', 'waiting'] as const) {
    watch('heimdall_pool_connections', state, () => connections()[state]);
  }
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
  { userIdOf, tokens, metrics, database: { client } }: AssembleOptions,
  limits: Limits,
  used: LastUses['note'],
): Pick<RouterParts, 'authenticate' | 'recall' | 'hasKeys' | 'subscribingBy'> {
  const principals = new KnownPrincipals(client, limits);
  metrics?.watch('heimdall_cache_bytes', 'principals', () => principals.bytes);
  const recalled = (reference: UserReference): Caller | undefined => {
    const known = principals.recall(reference);
    if (known === undefined) return undefined;
    const { principal, vector } = known;
    return { principal, proof: { vector, validUntil: principal.validUntil } };
  };
  if (userIdOf !== undefined) {
    return {
      async authenticate(headers) {
        const principal = await principals.find({ userId: userIdOf(headers) });
        if (principal === null) throw unauthenticated(new Error('there is no such user'));
        return principal;
      },
      recall: async (headers) => recalled({ userId: userIdOf(headers) }),
      async subscribingBy(headers) {
        const userId = userIdOf(headers);
        return {
          ...{ who: JSON.stringify([userId]), endsAt: null, isProvedAnew: false },
          again: () => loadProved(client, { userId }, limits),
        };
      },
    };
  }
  const keys = createKeySource(tokens, limits);
  const verifyToken = rememberingTokens(
    createTokenVerifier(tokens, limits, keys),
    limits,
    metrics?.watch,
  );
  const authenticated = (headers: RequestHeaders): Promise<Principal> =>
    authenticate(headers, { client, verifyToken, principals, limits, used });
  return {
    authenticate: authenticated,
    async subscribingBy(headers): Promise<Subscribing> {
      const given = credentialIn(headers);
      if (given === null)
        throw unauthenticated(new Error('nobody subscribes without a credential'));
      if (given.by === 'token') {
        const claims = await verifyToken(given.token);
        const { issuer, subject, expiresAt: endsAt } = claims;
        return {
          ...{ who: JSON.stringify([issuer, subject]), endsAt, isProvedAnew: false },
          again: () => loadProved(client, { issuer, subject }, limits),
        };
      }
      const { hash } = given.by === 'key' ? given.key : given.execution;
      return {
        ...{ who: JSON.stringify([given.by, hash]), endsAt: null, isProvedAnew: true },
        async again() {
          const holder = holderOf(await authenticated(headers));
          if (holder === null) return null;
          // INVARIANT: authority is not newer than who was read with it.
          const vector = await vectorOf(client, holder);
          return { vector, principal: await authenticated(headers) };
        },
      };
    },
    async recall(headers) {
      const given = credentialIn(headers);
      // A key is read each time.
      if (given?.by !== 'token') return undefined;
      return recalled(await verifyToken(given.token));
    },
    hasKeys: keys.hasKeys,
  };
}
