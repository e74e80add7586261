import { open } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';

/** What has an id, and counts and dates its changes. */
export const edited: Trait = {
  columns: {
    id: open('A UUID, unique among all resources.', { sort: true }),
    version: open('Counts its changes; an update names the one it saw.', { filter: false }),
    createdAt: open('When it was made.', { sort: true }),
    updatedAt: open('When it was changed last.', { sort: true }),
  },
  relations: {},
  fields: (t) => ({
    version: t.column('version'),
    createdAt: t.column('createdAt'),
    updatedAt: t.column('updatedAt'),
  }),
};
