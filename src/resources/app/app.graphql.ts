import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { defineLookup, defineRootFields } from '../../graphql/root-fields.js';
import { executableFields, executableFilters } from '../executable-fields.js';
import { sortByText, sortByTimes } from '../placed-fields.js';
import { shadowFields } from '../shadow-fields.js';
import { AppRef, appColumns } from './app.types.js';

AppRef.implement({
  description: 'An app: a bundle that is rendered for whoever may use it.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    ...executableFields(t, 'App'),
    ...shadowFields(t, 'App', AppRef),
    slug: t.exposeString('slug', {
      nullable: false,
      description: 'Its name in addresses, unique at its scope.',
    }),
    bundle: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What is rendered.',
      resolve: (row) => row.bundle,
    }),
  }),
});

const filter = defineFilter('AppFilter', appColumns, {
  ...executableFilters,
});

const order = defineOrder('App', {
  NAME: sortByText('name'),
  SLUG: sortByText('slug'),
  ...sortByTimes,
});

const roots = {
  model: 'App',
  one: 'app',
  many: 'apps',
  noun: 'app',
  nouns: 'apps',
  ref: AppRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: true,
} as const;

defineRootFields(roots);
defineLookup(roots, 'appBySlug', 'slug');
