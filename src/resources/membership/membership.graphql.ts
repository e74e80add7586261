import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { membership } from './membership.js';

defineType(membership, (t) => ({
  createdAt: t.column('createdAt'),
  user: t.one('user'),
  team: t.one('team'),
  scope: t.one('scope'),
  roles: t.many('roles'),
}));

defineRoots(membership);
