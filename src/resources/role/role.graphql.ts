import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { managedBy, toMany, toOne } from '../../graphql/relations.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import { DataAccessEnum, known } from '../../graphql/scalars.js';
import { DATA_ACCESS } from '../../policy/vocabulary.js';
import { PermissionRef, permissionFieldsFilter } from '../permission/permission.types.js';
import { placedFields, placedFilters, sortByText, sortByTimes } from '../placed-fields.js';
import { ScopeRef } from '../scope/scope.types.js';
import { RoleRef, roleColumns } from './role.types.js';
import { loadHolders, RoleHolderRef } from './role-holder.js';

RoleRef.implement({
  description: 'A named set of permissions with a reach (D7).',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: false,
      description: 'Its name, unique where it is defined.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    dataAccess: t.field({
      type: DataAccessEnum,
      nullable: true,
      description:
        'Which rows its permissions cover; null if it is nothing that this version knows.',
      resolve: (row) => known(DATA_ACCESS, row.dataAccess),
    }),
    isSystem: t.exposeBoolean('isSystem', {
      nullable: false,
      description: 'Whether it is built in.',
    }),
    ...placedFields(t, 'Role'),
    definedAt: t.field(
      toOne('Role', 'scope', ScopeRef, {
        description: 'The scope where it is defined: it can be assigned there and below (D8).',
      }),
    ),
    permissions: t.field(
      toMany('Role', ['permissions', 'permission'], PermissionRef, {
        description: 'What it permits, of the permissions that you may read.',
      }),
    ),
    holders: t.field({
      type: [RoleHolderRef],
      nullable: true,
      authScopes: managedBy('Role'),
      description: 'Who holds it and where, of the memberships that you may read. For managers.',
      resolve: (row, _args, context) => loadHolders(row, context),
    }),
  }),
});

const filter = defineFilter('RoleFilter', roleColumns, {
  ...placedFilters,
  permissions: {
    filter: permissionFieldsFilter,
    list: true,
    through: 'permission',
    description: 'What it permits.',
  },
});

const order = defineOrder('Role', {
  NAME: sortByText('name'),
  ...sortByTimes,
});

const roots = {
  model: 'Role',
  one: 'role',
  many: 'roles',
  noun: 'role',
  nouns: 'roles',
  ref: RoleRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: false,
} as const;

defineRootFields(roots);
