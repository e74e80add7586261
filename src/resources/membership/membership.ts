import { related, through } from '../../graphql/columns.js';
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
  relations: {
    scope: related('Where it is held, if you may read that scope.'),
    user: related('The user, if it is one and you may read them.', { set: { fixed: true } }),
    team: related('The team, if it is one and you may read it.', { set: { fixed: true } }),
    roles: through('role', 'The roles on it, of those that you may read.', {
      set: { fixed: true, defined: 'there or above' },
    }),
  },
  check: oneSubject,
  watch: watchMembership,
  taken: 'the user or team is in this scope already',
  actions: {
    read: managed('membership:read'),
    create: managed('membership:create'),
    update: managed('membership:update'),
    delete: managed('membership:delete'),
  },
});
