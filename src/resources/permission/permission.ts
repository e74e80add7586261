import { jsonObject } from '../../commands/checks/json.js';
import { permissionIssues } from '../../commands/checks/permission.js';
import { label } from '../../commands/checks/text.js';
import { open, shown, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { audited, edited, placed } from '../traits/index.js';
import { watchPermission } from './condition.js';

export const permission = resource('Permission', {
  resource: 'permission',
  noun: 'permission',
  description: 'One action on one type of resource, on the rows that its pattern matches (D10).',
  traits: [edited, audited, placed],
  holdsAuthority: true,
  name: 'key',
  check: permissionIssues,
  watch: watchPermission,
  readsGlobalRows: true,
  columns: {
    key: open('resourceType:action:resourcePattern, unique at its scope.', {
      sort: true,
      set: { fixed: true },
    }),
    resourceType: open('The type of resource it is about: of the gateway, or of other services.', {
      set: { fixed: true },
    }),
    action: open('What it permits.', { set: { fixed: true } }),
    resourcePattern: open(
      'Which rows it is about: `*`, an id or a name, `prefix/*`, or `owned` (D10).',
      { set: { fixed: true } },
    ),
    label: open('What people call it.', { set: { check: label } }),
    condition: shown(
      'In JSON Logic, of which rows it counts on: those that it is true of (D11); null: on all.',
      { set: { check: jsonObject(16 * 1_024), fixed: true } },
    ),
  },
  relations: { roles: through('role', 'The roles that carry it, of those that you may read.') },
  actions: {
    read: managed('permission:read'),
    create: managed('permission:create'),
    update: managed('permission:update'),
    delete: managed('permission:delete'),
    inspect: managed('permission:inspect'),
  },
});
