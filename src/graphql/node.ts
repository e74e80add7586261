import { builder } from './builder.js';

/** Whatever has an id that is unique among all resources. */
export const Node = builder.interfaceRef<{ readonly id: string }>('Node').implement({
  description: 'A resource with an id, as `node` and `nodes` find it.',
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: false,
      reads: ['id'],
      description: 'A UUID, unique among all resources.',
    }),
  }),
  resolveType: (row) => (row as { __typename?: string }).__typename ?? null,
});
