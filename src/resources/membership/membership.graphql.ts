import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { membership } from './membership.js';

defineType(membership, (t) => ({
  createdAt: t.column('createdAt'),
  expiresAt: t.column('expiresAt'),
  reason: t.column('reason'),
  isExpired: t.computed({
    type: 'Boolean',
    nullable: false,
    reads: ['expiresAt'],
    description: "Whether it has ended, by the database's clock, and so counts for nothing (D48).",
    resolve: async ({ expiresAt }, _args, { readClock }) =>
      expiresAt !== null && expiresAt <= (await readClock()),
  }),
  user: t.one('user'),
  team: t.one('team'),
  scope: t.one('scope'),
  roles: t.many('roles'),
}));

defineRoots(membership);
