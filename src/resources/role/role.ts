import { description, name } from '../../commands/checks/text.js';
import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { DATA_ACCESS } from '../../policy/vocabulary.js';
import { audited, edited, placed } from '../traits/index.js';
import { assertNoSystemRole } from './system-roles.js';
import { watchRole } from './widening.js';

export const role = resource('Role', {
  resource: 'role',
  holdsAuthority: true,
  noun: 'role',
  description: 'A named set of permissions with a reach (D7).',
  traits: [edited, audited, placed],
  name: 'name',
  readsGlobalRows: true,
  columns: {
    name: open('Its name, unique where it is defined.', { sort: true, set: { check: name } }),
    description: open('What it is for.', { set: { check: description } }),
    dataAccess: open(
      'Which rows its permissions cover; null if it is nothing that this version knows.',
      { values: DATA_ACCESS, set: {} },
    ),
    isSystem: open('Whether it is built in.'),
  },
  relations: {
    scope: related(
      'The scope where it is defined, if you may read that one: it can be assigned there and below (D8).',
    ),
    permissions: through('permission', 'What it permits, of the permissions that you may read.', {
      set: { defined: 'there or above' },
    }),
    assignments: through(
      'membership',
      'Who holds it and where, of the memberships that you may read.',
      { managed: true, filter: false },
    ),
  },
  watch: watchRole,
  beforeDelete: assertNoSystemRole,
  actions: {
    read: managed('role:read'),
    create: managed('role:create'),
    update: managed('role:update'),
    delete: managed('role:delete'),
    assign: managed('role:assign'),
  },
});
