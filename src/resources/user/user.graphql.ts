import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import {
  editedFields,
  organizationField,
  placedFilters,
  sortByText,
  sortByTimes,
} from '../placed-fields.js';
import { UserRef, userColumns } from './user.types.js';

UserRef.implement({
  description: 'A person.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Their name.' }),
    email: t.exposeString('email', { nullable: false, description: 'Their email, in lower case.' }),
    isActive: t.exposeBoolean('isActive', {
      nullable: false,
      description: 'Whether they may act.',
    }),
    isPlatformAdmin: t.exposeBoolean('isPlatformAdmin', {
      nullable: false,
      description: 'Whether they administer the platform (D12).',
    }),
    ...editedFields(t),
    ...organizationField(t, 'User'),
  }),
});

const filter = defineFilter('UserFilter', userColumns, {
  organization: placedFilters.organization,
});

const order = defineOrder('User', {
  NAME: sortByText('name'),
  EMAIL: sortByText('email'),
  ...sortByTimes,
});

const roots = {
  model: 'User',
  one: 'user',
  many: 'users',
  noun: 'user',
  nouns: 'users',
  ref: UserRef,
  filter,
  order,
  hasGlobalRows: false,
  shadows: false,
} as const;

defineRootFields(roots);
