import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { toMany, toOne } from '../../graphql/relations.js';
import { defineRootFields } from '../../graphql/root-fields.js';
import {
  editedFields,
  organizationField,
  ownershipFilters,
  placedFilters,
  sortByText,
  sortByTimes,
} from '../placed-fields.js';
import { UserRef, userFieldsFilter } from '../user/user.types.js';
import { TeamRef, teamColumns } from './team.types.js';

TeamRef.implement({
  description: 'A group of people whose rows their TEAM_DATA roles share (D7).',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Its name.' }),
    ...editedFields(t),
    ...organizationField(t, 'Team'),
    createdBy: t.field(
      toOne('Team', 'createdBy', UserRef, {
        description: 'Who made it. For managers.',
        managed: true,
      }),
    ),
    members: t.field(
      toMany('Team', ['members', 'user'], UserRef, {
        description: 'Its members, of those that you may read.',
      }),
    ),
  }),
});

const filter = defineFilter('TeamFilter', teamColumns, {
  organization: placedFilters.organization,
  createdBy: ownershipFilters.createdBy,
  members: { filter: userFieldsFilter, list: true, through: 'user', description: 'Its members.' },
});

const order = defineOrder('Team', {
  NAME: sortByText('name'),
  ...sortByTimes,
});

const roots = {
  model: 'Team',
  one: 'team',
  many: 'teams',
  noun: 'team',
  nouns: 'teams',
  ref: TeamRef,
  filter,
  order,
  hasGlobalRows: false,
  shadows: false,
} as const;

defineRootFields(roots);
