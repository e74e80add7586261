import { open, related, shown, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atScope } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';

/** A scope's members are managed by rights at the scope itself (model §2). */
export const membership = resource('Membership', {
  resource: 'membership',
  noun: 'membership',
  description: 'Who is in a scope: a user, a team or a key, and with which roles.',
  home: atScope,
  columns: {
    id: open('A UUID, unique among all resources.', { sort: true }),
    createdAt: open('When it was made.'),
    expiresAt: open(
      'From then on it counts for nothing, nor do the roles on it; null: it does not end by itself (D48).',
    ),
    reason: shown('Why it was given, as whoever gave it says.'),
  },
  relations: {
    scope: related('Where it is held, if you may read that scope.'),
    user: related('The user, if it is one and you may read them.'),
    team: related('The team, if it is one and you may read it.'),
    roles: through('role', 'The roles on it, of those that you may read.'),
  },
  actions: {
    read: managed('membership:read'),
    create: managed('membership:create'),
    update: managed('membership:update'),
    delete: managed('membership:delete'),
  },
});
