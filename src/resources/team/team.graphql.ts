import { changeLinks } from '../../commands/change-links.js';
import { defineCommands, namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { writableOf } from '../../graphql/writable-of.js';
import { linkingOfMembers } from './members.js';
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

defineCommands(team, ['create', 'update', 'delete']);

const writable = writableOf(team);

for (const [name, change, description] of [
  [
    'addTeamMembers',
    'link',
    'Adds users to a team; needs the permission to update the team and each of them, and everything that the team holds (D21).',
  ],
  ['removeTeamMembers', 'unlink', 'Takes users out of a team.'],
] as const) {
  defineMutation(name, {
    resource: team,
    action: change === 'link' ? 'addMembers' : 'removeMembers',
    description,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'team'),
      users: t.idList({ required: true, description: 'Users of its organization.' }),
    }),
    run: async (session, input) => {
      const linking = linkingOfMembers(input.users as string[], change);
      return [await changeLinks(session, writable, namedIn(input), linking)];
    },
  });
}
