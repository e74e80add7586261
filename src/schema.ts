import type { GraphQLSchema } from 'graphql';
import type { PrismaClient } from './data/generated/client.js';
import { dataModel } from './data/generated-data-model.js';
import { systemQueries } from './data/system-queries.js';
import { builder } from './graphql/builder.js';
import { guardEntities } from './graphql/entities.js';
import { boundAnswers } from './limits/bound-answers.js';
import { HeldBytes } from './limits/held-bytes.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import type { Policies } from './policy/define-policy.js';
import type { Principal } from './policy/principal.js';
import { completePolicies } from './query/complete-policies.js';
import { type Context, createContext } from './request/context.js';
import { declaredPolicies } from './resources/registry.js';

/** The federated schema; schema.graphql and schema.subgraph.graphql are printed from it. */
export const schema: GraphQLSchema = boundAnswers(
  guardEntities(builder.toSubGraphSchema({ federationDirectives: ['@key', '@shareable'] })),
);

/** All policies, checked against the database schema: one that is missing stops the start. */
export const policies: Policies = completePolicies(dataModel, declaredPolicies(dataModel));

export interface Gateway {
  /** The GraphQL context of a request. Rejects with SCOPE_FORBIDDEN on a bad scope header (D4). */
  contextFor(principal: Principal, scopeHeader: string | null): Promise<Context>;
}

/** The gateway over a database; other policies than its own are for measuring what these cost. */
export function createGateway(
  client: PrismaClient,
  decidedBy: Policies = policies,
  limits: Limits = DEFAULT_LIMITS,
): Gateway {
  const queries = systemQueries(client, dataModel);
  const held = new HeldBytes(limits);
  const parts = { client, dataModel, policies: decidedBy, queries, limits, held };
  return {
    contextFor: (principal, scopeHeader) => createContext(parts, principal, scopeHeader),
  };
}
