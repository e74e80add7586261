import { open, related, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { atScope } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';

/** A scope's members are managed by rights at the scope itself (model §2). */
resource('Membership', {
  resource: 'membership',
  noun: 'membership',
  description: 'A subject in a scope.',
  home: atScope,
  columns: { id: open('A UUID.'), createdAt: open('When it was made.') },
  relations: {
    scope: related('Where it is held.'),
    user: related('The user, if it is one.'),
    team: related('The team, if it is one.'),
    assignments: through('role', 'The roles on it.'),
  },
  actions: {
    read: managed('membership:read'),
    create: managed('membership:create'),
    update: managed('membership:update'),
    delete: managed('membership:delete'),
  },
});
