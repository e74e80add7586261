import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import { placeOfRow } from '../../graphql/row-place.js';
import { editedFields, sortByText, sortByTimes } from '../placed-fields.js';
import { ScopeRef } from '../scope/scope.types.js';
import { OrganizationRef, organizationFieldsFilter } from './organization.types.js';

OrganizationRef.implement({
  description: 'A tenant, and everything in it.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Its name.' }),
    domain: t.exposeString('domain', { nullable: true, description: 'Its domain.' }),
    isActive: t.exposeBoolean('isActive', {
      nullable: false,
      description: 'Whether its people may act.',
    }),
    isProvider: t.exposeBoolean('isProvider', {
      nullable: false,
      description: 'Whether its members may act in other organizations (D4).',
    }),
    settings: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Its settings.',
      resolve: (row) => row.settings,
    }),
    ...editedFields(t),
    rootScope: t.field({
      type: ScopeRef,
      nullable: true,
      description: 'The root of its scopes, which has the same id (D1), if you may read it.',
      resolve: async (row, _args, context, info) =>
        (await context.loaders.row('Scope', placeOfRow(row, context), info).load(row.id)) as never,
    }),
  }),
});

const filter = organizationFieldsFilter;

const order = defineOrder('Organization', {
  NAME: sortByText('name'),
  ...sortByTimes,
});

const roots = {
  model: 'Organization',
  one: 'organization',
  many: 'organizations',
  noun: 'organization',
  nouns: 'organizations',
  ref: OrganizationRef,
  filter,
  order,
  hasGlobalRows: false,
  shadows: false,
} as const;

defineRootFields(roots);
