import { name } from '../../commands/checks/text.js';
import { assertMayFlip } from '../../commands/tree/flip-mode.js';
import type { ChangeGuard } from '../../commands/writable.js';
import { forbidden } from '../../errors.js';
import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atOrganizationRoot } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { PERMISSION_MODES } from '../../policy/vocabulary.js';
import { audited, edited } from '../traits/index.js';

/** What is built in changes for everybody: by platform admins alone. */
const assertMayChange: ChangeGuard = async (session, before, change) => {
  if (before.organizationId === null && !session.principal.isPlatformAdmin) throw forbidden();
  await assertMayFlip(session, before, change);
};

export const scopeType = resource('ScopeType', {
  resource: 'scopeType',
  holdsAuthority: true,
  noun: 'scope type',
  description: 'What a scope of this type does with permissions, and what it may contain.',
  traits: [edited, audited],
  home: atOrganizationRoot(),
  name: 'name',
  readsGlobalRows: true,
  columns: {
    name: open('Its name.', { sort: true, set: { check: name } }),
    permissionMode: open('What its scopes do with permissions from above.', {
      values: PERMISSION_MODES,
      set: {},
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
  guard: assertMayChange,
  actions: {
    read: managed('scopeType:read'),
    create: managed('scopeType:create'),
    update: managed('scopeType:update'),
    delete: managed('scopeType:delete'),
  },
});
