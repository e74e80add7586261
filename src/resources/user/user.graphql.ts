import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { user } from './user.js';

defineType(user, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  email: t.column('email'),
  isActive: t.column('isActive'),
  isPlatformAdmin: t.column('isPlatformAdmin'),
  organization: t.one('organization'),
  teams: t.many('teams'),
  memberships: t.many('memberships'),
}));

defineRoots(user);

defineCommands(user, ['create', 'update', 'delete']);
