import { jsonObject } from '../../commands/checks/json.js';
import { externalId, name } from '../../commands/checks/text.js';
import { assertMayChangeScope } from '../../commands/tree/meta.js';
import { open, related } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atParentScope } from '../../policy/define-policy.js';
import { managed, managedAtItself } from '../../policy/predicate.js';
import { audited, edited } from '../traits/index.js';

/**
 * A scope is made, read, moved and deleted by rights at its parent; its name and meta are changed by rights at itself (model
 * §2). An organization's root has no parent inside the tenant: like the organization itself it lives at itself.
 */
export const scope = resource('Scope', {
  resource: 'scope',
  holdsAuthority: true,
  noun: 'scope',
  description:
    'A node of the tree: what is held here is inherited below, down to the next DEFINE (D8).',
  traits: [edited, audited],
  home: atParentScope,
  name: 'name',
  naturalKey: ['organization', 'externalId'],
  columns: {
    externalId: open('Its id in another system, unique in its organization.', {
      set: { check: externalId },
    }),
    name: open('Its name.', { sort: true, set: { check: name } }),
    meta: open('Whatever else is known of it, an object.', {
      paths: true,
      set: { check: jsonObject(64 * 1_024) },
    }),
    path: open('It and all above it, as the database keeps them.', { filter: false }),
  },
  relations: {
    type: related('Its type, if you may read that one.'),
    organization: related('The organization it belongs to, if you may read that one.'),
    parent: related('The scope above, if you may read that one.'),
    children: related('The scopes right below, of those that you may read.'),
    memberships: related(
      'Who is in it and with which roles, of the memberships that you may read.',
      {
        filter: false,
      },
    ),
    roles: related('The roles that are defined at it, of those that you may read.', {
      filter: false,
    }),
    permissions: related('The permissions that are defined at it, of those that you may read.', {
      filter: false,
    }),
    forms: related('The forms that live at it, of those that you may read.', { filter: false }),
    workflows: related('The workflows that live at it, of those that you may read.', {
      filter: false,
    }),
    agents: related('The agents that live at it, of those that you may read.', { filter: false }),
    apps: related('The apps that live at it, of those that you may read.', { filter: false }),
    configs: related('The configs that live at it, of those that you may read.', {
      filter: false,
    }),
  },
  guard: assertMayChangeScope,
  actions: {
    read: managed('scope:read'),
    create: managed('scope:create'),
    update: managedAtItself('scope:update'),
    delete: managed('scope:delete'),
    move: managed('scope:move'),
  },
});
