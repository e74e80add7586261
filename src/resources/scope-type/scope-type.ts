import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atOrganizationRoot } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { PERMISSION_MODES } from '../../policy/vocabulary.js';
import { audited, edited } from '../traits/index.js';

export const scopeType = resource('ScopeType', {
  resource: 'scopeType',
  noun: 'scope type',
  description: 'What a scope of this type does with permissions, and what it may contain.',
  traits: [edited, audited],
  home: atOrganizationRoot(),
  name: 'name',
  readsGlobalRows: true,
  columns: {
    name: open('Its name.', { sort: true }),
    permissionMode: open('What its scopes do with permissions from above.', {
      values: PERMISSION_MODES,
    }),
  },
  relations: {
    organization: related(
      'The organization it belongs to; null for a built-in one, or one you may not read.',
    ),
    children: through('childType', 'The types whose scopes may be children of its scopes.', {
      filter: false,
    }),
    parents: through('parentType', 'The types whose scopes may contain its scopes.', {
      filter: false,
    }),
  },
  actions: {
    read: managed('scopeType:read'),
    create: managed('scopeType:create'),
    update: managed('scopeType:update'),
    delete: managed('scopeType:delete'),
  },
});
