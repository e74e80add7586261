import { defaultFieldResolver, type GraphQLField } from 'graphql';
import { dataModel } from '../../src/data/generated-data-model.js';

/** What a field takes from the row, and the relations that it loads or has the key of. */
export async function touchedBy(
  model: string,
  field: GraphQLField<unknown, unknown>,
): Promise<Set<string>> {
  const touched = new Set<string>();
  const shape = Object.entries(dataModel[model]?.fields ?? {});
  const note = (names: readonly string[]) => {
    for (const name of names) {
      touched.add(name);
      for (const [relation, one] of shape) {
        if (one.kind === 'relation' && one.from.includes(name)) touched.add(relation);
      }
    }
  };
  const row = new Proxy({} as Record<string, unknown>, {
    get: (_target, name) => {
      note([String(name)]);
      return name === 'id' ? 'an id' : undefined;
    },
  });
  const nothing = { load: async () => null, loadMany: async () => [] };
  const loaders = {
    row: () => nothing,
    permitted: () => nothing,
    shadowing: () => nothing,
    related: (_model: string, select: object) => {
      note(Object.keys(select));
      return nothing;
    },
  };
  const columnsOf = () => ({ select: {}, key: '' });
  const exposed = field.extensions.pothosExposedField;
  if (typeof exposed === 'string') note([exposed]);
  const resolve = (field.extensions.pothosOriginalResolve ?? defaultFieldResolver) as (
    ...args: unknown[]
  ) => unknown;
  const place = { organizationId: null, chain: [] };
  // A field may be at a loss with a row of nothing; what it has asked for is told all the same.
  await Promise.resolve()
    .then(() =>
      resolve(row, {}, { loaders, place, columnsOf, principal: {} }, { fieldName: field.name }),
    )
    .catch(() => {});
  return touched;
}
