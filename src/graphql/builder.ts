import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars';
import { forbidden, unauthenticated } from '../errors.js';
import type { Context } from './context.js';
import { isPermitted } from './loaders.js';

export interface SchemaShape {
  Context: Context;
  AuthScopes: {
    /** Somebody acts: anyone but ANONYMOUS (D18). */
    signedIn: boolean;
    /** Manage(read) on the row (D15), where it was listed. */
    manages: { readonly model: string; readonly row: { readonly id: string } };
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

/**
 * The schema builder. "Auth scopes" are Pothos's word for who may see a field; a scope without
 * that word is always a node of the tree.
 */
export const builder = new SchemaBuilder<SchemaShape>({
  // INVARIANT: scope-auth comes first, so that it wraps whatever other plugins add.
  plugins: [ScopeAuthPlugin, DirectivesPlugin, FederationPlugin],
  scopeAuth: {
    authScopes: (context) => ({
      signedIn: context.principal.kind !== 'ANONYMOUS',
      manages: ({ model, row }) => isPermitted(model, 'manage', row, context),
    }),
    unauthorizedError: (_parent, context) =>
      context.principal.kind === 'ANONYMOUS' ? unauthenticated() : forbidden(),
  },
});

export type FieldBuilder<Row> = PothosSchemaTypes.ObjectFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>,
  Row
>;

builder.addScalarType('DateTime', GraphQLDateTimeISO);
builder.addScalarType('JSON', GraphQLJSON);

builder.queryType({
  description:
    'What can be asked. Every answer is narrowed to what the caller may read. D1, D2 and so on are rules that docs/decision.md explains.',
});
