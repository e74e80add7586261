import { jsonObject } from '../../commands/checks/json.js';
import { domain, name } from '../../commands/checks/text.js';
import { assertMayDeleteAllOf } from '../../commands/subtree.js';
import { open, related, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atOrganizationRoot } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { audited, edited } from '../traits/index.js';

/** An organization lives at its own root (model §2). */
export const organization = resource('Organization', {
  resource: 'organization',
  holdsAuthority: true,
  noun: 'organization',
  description: 'A tenant, and everything in it.',
  traits: [edited, audited],
  home: atOrganizationRoot('id'),
  beforeDelete: assertMayDeleteAllOf,
  name: 'name',
  columns: {
    name: open('Its name.', { sort: true, set: { check: name } }),
    domain: open('Its domain.', { set: { check: domain } }),
    isActive: open('Whether its people may act.', { set: { admin: 'always' } }),
    isProvider: open('Whether its members may act in other organizations (D4).', {
      set: { admin: 'always' },
    }),
    settings: shown('Its settings.', { set: { check: jsonObject(64 * 1_024) } }),
  },
  relations: {
    scopes: related('Its scopes, of those that you may read.', { filter: false }),
    users: related('Its people, of those that you may read.', { filter: false }),
    teams: related('Its teams, of those that you may read.', { filter: false }),
  },
  actions: {
    read: managed('organization:read'),
    create: managed('organization:create'),
    update: managed('organization:update'),
    delete: managed('organization:delete'),
    actIn: managed('organization:actIn'),
  },
});
