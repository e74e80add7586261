import { name } from '../../commands/checks/text.js';
import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atOrganizationRoot } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { audited, edited } from '../traits/index.js';
import { assertNobodyGainsByLeaving } from './members.js';

export const team = resource('Team', {
  resource: 'team',
  holdsAuthority: true,
  noun: 'team',
  description: 'A group of people whose rows their TEAM_DATA roles share (D7).',
  traits: [edited, audited],
  home: atOrganizationRoot(),
  ownership: 'team',
  beforeDelete: assertNobodyGainsByLeaving,
  name: 'name',
  columns: { name: open('Its name.', { sort: true, set: { check: name } }) },
  relations: {
    organization: related('The organization it belongs to, if you may read that one.'),
    createdBy: related('Who made it.', { managed: true }),
    members: through('user', 'Its members, of those that you may read.'),
    memberships: related(
      'Where it is a member itself and with which roles, of the memberships that you may read.',
      { filter: false },
    ),
  },
  actions: {
    read: managed('team:read'),
    create: managed('team:create'),
    update: managed('team:update'),
    delete: managed('team:delete'),
  },
});
