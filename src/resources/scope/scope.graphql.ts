import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { readable, toOne } from '../../graphql/relations.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import { placeOfRow } from '../../graphql/row-place.js';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { OrganizationRef, organizationFieldsFilter } from '../organization/organization.types.js';
import { editedFields, sortByText, sortByTimes } from '../placed-fields.js';
import { ScopeTypeRef, scopeTypeFieldsFilter } from '../scope-type/scope-type.types.js';
import { ScopeRef, scopeColumns, scopeFieldsFilter } from './scope.types.js';
import { childrenOf, defineScopeByExternalId } from './scope-queries.js';

ScopeRef.implement({
  description:
    'A node of the tree: what is held here is inherited below, down to the next DEFINE (D8).',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'Its id in another system, unique in its organization.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its name.' }),
    meta: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Whatever else is known of it, an object.',
      resolve: (row) => row.meta,
    }),
    ...editedFields(t),
    type: t.field(
      toOne('Scope', 'type', ScopeTypeRef, {
        description: 'Its type, if you may read that one.',
      }),
    ),
    organization: t.field(
      toOne('Scope', 'organization', OrganizationRef, {
        description: 'The organization it belongs to, if you may read that one.',
      }),
    ),
    parent: t.field(
      toOne('Scope', 'parent', ScopeRef, {
        description: 'The scope above, if you may read that one.',
      }),
    ),
    ancestors: t.field({
      type: [ScopeRef],
      nullable: false,
      description: 'The scopes above that you may read, the nearest first.',
      resolve: async (row, _args, context, info) => {
        const place = placeOfRow(row, context);
        const above = await context.loaders.row('Scope', place, info).loadMany(row.path.slice(1));
        return readable(above) as never;
      },
    }),
    children: t.field({
      type: [ScopeRef],
      nullable: false,
      description:
        'The scopes below that you may read, by name. More of them: `scopes(where: { parent: … })`.',
      args: {
        first: t.arg.int({
          description: `How many: ${DEFAULT_LIMITS.pageSize} unless given, at most ${DEFAULT_LIMITS.maxPageSize}.`,
        }),
      },
      resolve: (row, { first }, context, info) => childrenOf(row, first, context, info),
    }),
  }),
});

const filter = defineFilter('ScopeFilter', scopeColumns, {
  type: { filter: scopeTypeFieldsFilter, description: 'Its type.' },
  parent: { filter: scopeFieldsFilter, description: 'The scope above.' },
  children: { filter: scopeFieldsFilter, list: true, description: 'The scopes below.' },
  organization: {
    filter: organizationFieldsFilter,
    description: 'The organization it belongs to.',
  },
});

const order = defineOrder('Scope', {
  NAME: sortByText('name', true),
  ...sortByTimes,
});

const roots = {
  model: 'Scope',
  one: 'scope',
  many: 'scopes',
  noun: 'scope',
  nouns: 'scopes',
  ref: ScopeRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: false,
} as const;

defineRootFields(roots);
defineScopeByExternalId();
