import { email, name } from '../../commands/checks/text.js';
import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atOrganizationRoot } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { audited, edited } from '../traits/index.js';
import { assertMayReactivate } from './reactivate.js';

export const user = resource('User', {
  resource: 'user',
  holdsAuthority: true,
  noun: 'user',
  description: 'A person.',
  traits: [edited, audited],
  home: atOrganizationRoot(),
  ownership: 'user',
  name: 'name',
  columns: {
    name: open('Their name.', { sort: true, set: { check: name } }),
    email: open('Their email, in lower case.', {
      sort: true,
      set: { check: email, admin: 'afterwards' },
    }),
    isActive: open('Whether they may act.', { set: {} }),
    isPlatformAdmin: open('Whether they administer the platform (D12).', {
      set: { admin: 'always' },
    }),
  },
  relations: {
    organization: related('The organization they belong to, if you may read that one.'),
    teams: through('team', 'The teams they are in, of those that you may read.'),
    memberships: related(
      'Where they are a member themselves and with which roles, of the memberships that you may read.',
      { filter: false },
    ),
  },
  guard: assertMayReactivate,
  actions: {
    read: managed('user:read'),
    create: managed('user:create'),
    update: managed('user:update'),
    delete: managed('user:delete'),
    viewAs: managed('user:viewAs'),
  },
});
