import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import { placedFields, placedFilters, sortByText, sortByTimes } from '../placed-fields.js';
import { roleFieldsFilter } from '../role/role.types.js';
import { PermissionRef, permissionColumns } from './permission.types.js';

PermissionRef.implement({
  description: 'One action on one type of resource, on the rows that its pattern matches (D10).',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    key: t.exposeString('key', {
      nullable: false,
      description: 'resourceType:action:resourcePattern, unique at its scope.',
    }),
    resourceType: t.exposeString('resourceType', {
      nullable: false,
      description: 'The type of resource it is about.',
    }),
    action: t.exposeString('action', { nullable: false, description: 'What it permits.' }),
    resourcePattern: t.exposeString('resourcePattern', {
      nullable: false,
      description: 'Which rows it is about: `*`, an id or a name, `prefix/*`, or `owned` (D10).',
    }),
    label: t.exposeString('label', { nullable: true, description: 'What people call it.' }),
    ...placedFields(t, 'Permission'),
  }),
});

const filter = defineFilter('PermissionFilter', permissionColumns, {
  ...placedFilters,
  roles: {
    filter: roleFieldsFilter,
    list: true,
    through: 'role',
    description: 'The roles that carry it.',
  },
});

const order = defineOrder('Permission', {
  KEY: sortByText('key'),
  ...sortByTimes,
});

const roots = {
  model: 'Permission',
  one: 'permission',
  many: 'permissions',
  noun: 'permission',
  nouns: 'permissions',
  ref: PermissionRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: false,
} as const;

defineRootFields(roots);
