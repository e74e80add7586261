import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { team } from './team.js';

defineType(team, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  organization: t.one('organization'),
  createdBy: t.one('createdBy'),
  members: t.many('members'),
  memberships: t.many('memberships'),
}));

defineRoots(team);
