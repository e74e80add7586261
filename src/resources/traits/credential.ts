import { type Check, issue } from '../../commands/checks/check.js';
import { operations } from '../../commands/checks/operations.js';
import { name } from '../../commands/checks/text.js';
import { open, sealed } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';

/** What is over already is revoked or made inactive, and not made to end. */
const inTheFuture: Check = (value) =>
  value instanceof Date && value.getTime() <= Date.now() ? [issue('it is over')] : [];

/** What a program signs in with (D18): hashed, shown once, expiring, revocable. */
export const credential: Trait = {
  naming: 'name',
  columns: {
    name: open('Its name, unique at its scope.', { sort: true, set: { check: name } }),
    prefix: open('What its value begins with, by which it is recognised; it proves nothing.'),
    operations: open(
      'What it may be used for, of what is held by it (D18): type and action, such as `form:read`; `form:use` for using.',
      { set: { check: operations } },
    ),
    isActive: open('Whether it can be used; it can be made inactive and active again.', {
      set: {},
    }),
    expiresAt: open('When it ends by itself; null: never.', {
      sort: true,
      set: { check: inTheFuture },
    }),
    revokedAt: open('When it was revoked, for ever.'),
    rotatedAt: open('When it got its present value; null: it is its first.', { sort: true }),
    previousExpiresAt: open(
      'Until when the value before the last rotation works as well; null: there is none.',
    ),
    lastUsedAt: open(
      'When somebody signed in with it last, as far as that is written: within a minute or so.',
      { sort: true },
    ),
    // INVARIANT: a value is shown once, when it is made; its hash never leaves the database.
    hash: sealed('What its value is compared with.'),
    previousHash: sealed('What the value before is compared with.'),
  },
  relations: {},
  fields: (t) => ({
    name: t.column('name'),
    prefix: t.column('prefix'),
    isActive: t.column('isActive'),
    expiresAt: t.column('expiresAt'),
    revokedAt: t.column('revokedAt'),
    rotatedAt: t.column('rotatedAt'),
    previousExpiresAt: t.column('previousExpiresAt'),
    lastUsedAt: t.column('lastUsedAt'),
  }),
};
