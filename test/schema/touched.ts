import { defaultFieldResolver, type GraphQLField } from 'graphql';

/** What a resolver takes from its row, and the relations that it asks the loaders for. */
export async function touchedBy(field: GraphQLField<unknown, unknown>): Promise<Set<string>> {
  const touched = new Set<string>();
  const row = new Proxy({} as Record<string, unknown>, {
    get: (_target, name) => {
      touched.add(String(name));
      return name === 'id' ? 'an id' : undefined;
    },
  });
  const nothing = { load: async () => null, loadMany: async () => [] };
  const loaders = {
    row: () => nothing,
    permitted: () => nothing,
    shadowing: () => nothing,
    related: (_model: string, relations: object) => {
      for (const relation of Object.keys(relations)) touched.add(relation);
      return nothing;
    },
  };
  const exposed = field.extensions.pothosExposedField;
  if (typeof exposed === 'string') touched.add(exposed);
  const resolve = (field.extensions.pothosOriginalResolve ?? defaultFieldResolver) as (
    ...args: unknown[]
  ) => unknown;
  const context = { loaders, place: { organizationId: null, chain: [] }, principal: {} };
  const info = { fieldName: field.name, variableValues: {}, ...NO_OPERATION };
  // A field may be at a loss with a row of nothing; what it has asked for is told all the same.
  await Promise.resolve()
    .then(() => resolve(row, {}, context, info))
    .catch(() => {});
  return touched;
}

/** An operation that selects nothing. */
const NO_OPERATION = {
  operation: { kind: 'OperationDefinition', operation: 'query', selectionSet: { selections: [] } },
  fragments: {},
  schema: { getRootType: () => null },
};
