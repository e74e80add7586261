import type { GraphQLSchema } from 'graphql';
import { contextAs, type ViewingParts } from './commands/view-as.js';
import type { PrismaClient } from './data/generated/client.js';
import { dataModel } from './data/generated-data-model.js';
import { systemQueries } from './data/system-queries.js';
import { builder } from './graphql/builder.js';
import { guardEntities, tellSubgraph } from './graphql/entities.js';
import { SUBGRAPH_SHOWN } from './graphql/subgraph-sdl.js';
import { boundAnswers } from './limits/bound-answers.js';
import { HeldBytes } from './limits/held-bytes.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import { Turns } from './limits/turns.js';
import type { Policies } from './policy/define-policy.js';
import type { Principal } from './policy/principal.js';
import { completePolicies } from './query/complete-policies.js';
import { Lane, type LaneParts } from './read/lane.js';
import { type Context, createContext } from './request/context.js';
import type { Live } from './request/live.js';
import type { RequestFacts, SubgraphShown } from './request/reading.js';
import { createWake, type Wake } from './request/wake.js';
import { declaredPolicies } from './resources/registry.js';
import { createKeyring, type Keyring } from './secrets/keyring.js';
import type { Traced } from './telemetry/traced.js';

/** The federated schema; schema.graphql and schema.subgraph.graphql are printed from it. */
export const schema: GraphQLSchema = boundAnswers(
  tellSubgraph(
    guardEntities(builder.toSubGraphSchema({ federationDirectives: ['@key', '@shareable'] })),
  ),
);

/** All policies, checked against the database schema: one that is missing stops the start. */
export const policies: Policies = completePolicies(dataModel, declaredPolicies(dataModel));

export interface Gateway {
  /**
   * The GraphQL context of a request. Rejects with SCOPE_FORBIDDEN on a bad scope header (D4), and where who asks
   * may not see as whom they name (D21).
   */
  contextFor(principal: Principal, facts: RequestFacts): Promise<Context>;
  /** Answers what one statement can. */
  readonly lane: Lane | undefined;
  /** What answers under way hold. */
  readonly held: Pick<HeldBytes, 'bytes'>;
}

export interface GatewayOptions {
  /** Others than its own are for measuring what these cost. */
  readonly policies?: Policies | undefined;
  readonly limits?: Limits;
  /** What encrypts secrets (D16). INVARIANT: without it none is stored or revealed. */
  readonly keyring?: Keyring | undefined;
  /** Who asks, as of a write. INVARIANT: without it nobody writes. */
  readonly principalAnew?: ViewingParts['principalAnew'];
  /** A user, to be seen as. INVARIANT: without it nobody sees as somebody else. */
  readonly principalOf?: ViewingParts['principalOf'];
  /** Users, to be asked about. INVARIANT: without it nobody asks about somebody else. */
  readonly principalsOf?: ViewingParts['principalsOf'];
  /** Sends compiled statements; without it there is no compiled path. */
  readonly send?: LaneParts['send'] | undefined;
  /** The same of those that prove who asks: a replica may answer them. */
  readonly sendProved?: LaneParts['sendProved'];
  readonly traced?: Traced | undefined;
  /** What lifting overrides would give. Without it nobody is told. */
  readonly holdingsWithout?: ViewingParts['holdingsWithout'];
  /** A user or a key, as of a transaction. INVARIANT: without it nothing runs on anybody's behalf. */
  readonly principalNow?: ViewingParts['principalNow'];
  /** What wakes whoever waits for executions; without it they look now and then. */
  readonly wake?: Wake | undefined;
  /** Tells what was changed. INVARIANT: without it nobody can subscribe. */
  readonly live?: Live | undefined;
  readonly subgraph?: SubgraphShown | undefined;
  readonly noteCheck?: ViewingParts['noteCheck'];
}

/** The gateway over a database. */
export function createGateway(client: PrismaClient, options: GatewayOptions = {}): Gateway {
  const {
    limits = DEFAULT_LIMITS,
    principalAnew,
    principalNow,
    principalOf,
    principalsOf,
    holdingsWithout,
    send,
    sendProved,
    traced,
  } = options;
  const parts: ViewingParts = {
    client,
    dataModel,
    policies: options.policies ?? policies,
    limits,
    principalAnew,
    principalNow,
    principalOf,
    principalsOf,
    holdingsWithout,
    keyring: options.keyring ?? createKeyring([]),
    held: new HeldBytes(limits),
    writes: new Turns({ ...limits, concurrent: limits.concurrentWrites }),
    wake: options.wake ?? createWake({ listen: undefined, limits }),
    live: options.live,
    subgraph: options.subgraph ?? SUBGRAPH_SHOWN,
    noteCheck: options.noteCheck,
  };
  const { findScope } = systemQueries(client, dataModel);
  return {
    held: parts.held,
    lane: send && new Lane({ ...parts, schema, send, sendProved, findScope, traced }),
    contextFor: (principal, facts) => {
      const { viewAs = null } = facts;
      return viewAs === null
        ? createContext(parts, principal, facts)
        : contextAs(parts, principal, viewAs, facts);
    },
  };
}
