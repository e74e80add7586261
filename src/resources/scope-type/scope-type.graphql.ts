import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { toMany } from '../../graphql/relations.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import { PermissionModeEnum } from '../../graphql/scalars.js';
import {
  editedFields,
  organizationField,
  placedFilters,
  sortByText,
  sortByTimes,
} from '../placed-fields.js';
import { ScopeTypeRef, scopeTypeColumns } from './scope-type.types.js';

ScopeTypeRef.implement({
  description: 'What a scope of this type does with permissions, and what it may contain.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Its name.' }),
    permissionMode: t.field({
      type: PermissionModeEnum,
      nullable: false,
      description:
        'What its scopes do with permissions from above; a mode unknown here counts as DEFINE (D8).',
      resolve: (row) => (row.permissionMode === 'MERGE' ? 'MERGE' : 'DEFINE'),
    }),
    mayContain: t.field(
      toMany('ScopeType', ['children', 'childType'], ScopeTypeRef, {
        description: 'The types whose scopes may be children of its scopes.',
      }),
    ),
    ...editedFields(t),
    ...organizationField(t, 'ScopeType'),
  }),
});

const filter = defineFilter('ScopeTypeFilter', scopeTypeColumns, {
  organization: placedFilters.organization,
});

const order = defineOrder('ScopeType', {
  NAME: sortByText('name'),
  ...sortByTimes,
});

const roots = {
  model: 'ScopeType',
  one: 'scopeType',
  many: 'scopeTypes',
  noun: 'scope type',
  nouns: 'scope types',
  ref: ScopeTypeRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: false,
} as const;

defineRootFields(roots);
