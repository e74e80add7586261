import { defaultFieldResolver, type GraphQLField } from 'graphql';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';

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
    page: ({ relation }: { relation: string }) => {
      touched.add(relation);
      return { load: async () => ({ rows: [], more: false }) };
    },
  };
  const exposed = field.extensions.pothosExposedField;
  if (typeof exposed === 'string') touched.add(exposed);
  const resolve = (field.extensions.pothosOriginalResolve ?? defaultFieldResolver) as (
    ...args: unknown[]
  ) => unknown;
  const context = {
    loaders,
    place: { organizationId: null, chain: [] },
    principal: {},
    limits: DEFAULT_LIMITS,
  };
  const path = { key: field.name };
  const info = { fieldName: field.name, path, variableValues: {}, ...NO_OPERATION };
  // A field may be at a loss with a row of nothing; what it has asked for is told all the same.
  await Promise.resolve()
    .then(() => resolve(row, {}, context, info))
    .then((answer) => (answer as { page?: () => unknown } | null)?.page?.())
    .catch(() => {});
  return touched;
}

/** An operation that selects nothing. */
const NO_OPERATION = {
  operation: { kind: 'OperationDefinition', operation: 'query', selectionSet: { selections: [] } },
  fragments: {},
  schema: { getRootType: () => null },
};
