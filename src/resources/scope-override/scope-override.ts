import { open, related } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { OVERRIDE_STATES } from '../../policy/vocabulary.js';
import { audited, edited, placed } from '../traits/index.js';

export const scopeOverride = resource('ScopeOverride', {
  resource: 'scopeOverride',
  holdsAuthority: true,
  noun: 'scope override',
  description: 'Switches a permission, a role, or one permission of one role, at a scope (D9).',
  traits: [edited, audited, placed],
  columns: {
    state: open('Whether it disables, or lifts what one above it disables.', {
      values: OVERRIDE_STATES,
      set: {},
    }),
  },
  relations: {
    role: related(
      'The role that it switches; with a permission, that permission of this role alone.',
      {
        set: {},
      },
    ),
    permission: related('The permission that it switches; without a role, in whatever role.', {
      set: {},
    }),
  },
  actions: {
    read: managed('scopeOverride:read'),
    create: managed('scopeOverride:create'),
    update: managed('scopeOverride:update'),
    delete: managed('scopeOverride:delete'),
  },
});
