import { reason } from '../../commands/checks/text.js';
import { open, related, shown, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atScope } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { edited } from '../traits/index.js';
import { watchMembership } from './assigning.js';
import { oneSubject } from './subject.js';

/** A scope's members are managed by rights at the scope itself (model §2). */
export const membership = resource('Membership', {
  resource: 'membership',
  noun: 'membership',
  description: 'Who is in a scope: a user, a team or a key, and with which roles.',
  holdsAuthority: true,
  traits: [edited],
  home: atScope,
  columns: {
    expiresAt: open(
      'From then on it counts for nothing, nor do the roles on it; null: it does not end by itself (D48).',
      { set: {} },
    ),
    reason: shown('Why it was given, as whoever gave it says.', { set: { check: reason } }),
  },
  relations: {
    scope: related('Where it is held, if you may read that scope.'),
    user: related('The user, if it is one and you may read them.', { set: { fixed: true } }),
    team: related('The team, if it is one and you may read it.', { set: { fixed: true } }),
    apiKey: related('The API key, if it is one and you may read it.', { set: { fixed: true } }),
    virtualKey: related('The virtual key, if it is one and you may read it.', {
      set: { fixed: true },
    }),
    roles: through('role', 'The roles on it, of those that you may read.', {
      set: { fixed: true, defined: 'there or above' },
    }),
  },
  check: oneSubject,
  watch: watchMembership,
  taken: 'the user, team or key is in this scope already',
  actions: {
    read: managed('membership:read'),
    create: managed('membership:create'),
    update: managed('membership:update'),
    delete: managed('membership:delete'),
  },
});
