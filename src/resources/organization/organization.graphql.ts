import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { createFirstOwner, OwnerInput } from './first-owner.js';
import { organization } from './organization.js';

defineType(organization, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  domain: t.column('domain'),
  isActive: t.column('isActive'),
  isProvider: t.column('isProvider'),
  settings: t.column('settings'),
  rootScope: t.rowById('Scope', {
    reads: ['id'],
    meaning: { kind: 'root' },
    description: 'The root of its scopes, which has an id of its own (D1), if you may read it.',
    idOf: (row) => rootScopeId(row.id),
  }),
  scopes: t.many('scopes'),
  users: t.many('users'),
  teams: t.many('teams'),
}));

defineRoots(organization);

defineCommands(organization, ['create', 'update', 'delete'], {
  fields: (t) => ({
    owner: t.field({
      type: OwnerInput,
      required: false,
      description:
        'Its first owner, who is invited into it. Without one nobody but platform admins acts there.',
    }),
  }),
  // What lives in it is locked by its id.
  idOf: (session) => session.organizationId(),
  async whenMade(session, { id }, { owner }) {
    if (owner === undefined || owner === null) return;
    await createFirstOwner(session, id, owner as Readonly<Record<string, unknown>>);
  },
});
