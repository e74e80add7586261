import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars';
import { forbidden, unauthenticated } from '../errors.js';
import { isPermitted } from '../request/loaders.js';
import { MEANINGS } from './meaning-plugin.js';
import { REJECTIONS } from './rejection-plugin.js';
import type { SchemaShape } from './types.js';

/**
 * The schema builder. "Auth scopes" are Pothos's word for who may see a field; a scope without
 * that word is always a node of the tree.
 */
export const builder = new SchemaBuilder<SchemaShape>({
  // INVARIANT: scope-auth comes before all that add resolvers, so that it wraps them; what it throws itself becomes a
  // rejection as well.
  plugins: [REJECTIONS, ScopeAuthPlugin, DirectivesPlugin, FederationPlugin, MEANINGS],
  scopeAuth: {
    authScopes: (context) => ({
      signedIn: context.principal.kind !== 'ANONYMOUS',
      manages: ({ model, row }) => isPermitted(model, 'manage', row, context),
    }),
    unauthorizedError: (_parent, context) =>
      context.principal.kind === 'ANONYMOUS' ? unauthenticated() : forbidden(),
  },
});

builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.addScalarType('JSON', GraphQLJSON);

builder.queryType({
  description:
    'What can be asked. Every answer is narrowed to what the caller may read. D1, D2 and so on are rules that docs/decision.md explains.',
});
