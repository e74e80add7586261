import { open, sealed } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';

/** What a program signs in with: hashed, shown once, expiring, revocable. */
export const credential: Trait = {
  naming: 'name',
  columns: {
    name: open('Its name, unique at its scope.', { sort: true }),
    prefix: open('What it begins with.'),
    operations: open('What may be done with it.'),
    isActive: open('Whether it can be used.'),
    expiresAt: open('When it ends.'),
    revokedAt: open('When it was revoked.'),
    // INVARIANT: a key is shown once, when it is made; its hash never leaves the database.
    hash: sealed('What it is compared with.'),
  },
  relations: {},
  fields: (t) => ({ name: t.column('name') }),
};
