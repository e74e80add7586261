import type { GraphQLSchema } from 'graphql';
import { completePolicies } from './data/enforce/check-policies.js';
import type { PrismaClient } from './data/generated/client.js';
import { dataModel } from './data/generated-data-model.js';
import { builder } from './graphql/builder.js';
import { createColumns } from './graphql/columns.js';
import { type Context, createContext } from './graphql/context.js';
import { guardEntities } from './graphql/entities.js';
import { boundLists } from './limits/bound-lists.js';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';
import type { Policies } from './policy/define-policy.js';
import type { Principal } from './policy/principal.js';
import './resources/index.js';
import { policies as declared } from './resources/policies.js';

/** The federated schema, sorted; schema.graphql is printed from it. */
export const schema: GraphQLSchema = boundLists(
  guardEntities(builder.toSubGraphSchema({ federationDirectives: ['@key', '@shareable'] })),
);

/** All policies, checked against the database schema: one that is missing stops the start. */
export const policies: Policies = completePolicies(dataModel, declared);

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
  const columnsOf = createColumns(dataModel, decidedBy);
  const parts = { client, dataModel, policies: decidedBy, columnsOf, limits };
  return {
    contextFor: (principal, scopeHeader) => createContext(parts, principal, scopeHeader),
  };
}
