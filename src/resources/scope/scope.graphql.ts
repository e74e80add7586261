import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { both, compare, not, oneOf } from '../../query/filter.js';
import { displayNameOf } from './display-name.js';
import { scope } from './scope.js';
import { defineScopeCommands } from './scope-commands.js';
import { defineScopeByExternalId } from './scope-queries.js';

defineType(scope, (t) => ({
  ...t.traits(),
  displayName: t.computed({
    type: 'String',
    nullable: false,
    reads: ['name', 'externalId', 'typeId'],
    meaning: {
      kind: 'called',
      of: [
        { column: 'name' },
        { column: 'externalId' },
        { relation: 'organization', column: 'name', ofRoots: true },
        { relation: 'type', column: 'name' },
        { word: 'unnamed' },
      ],
    },
    description:
      'What people call it, never null: its name, else its external id, else that of its organization or its type, as far as you may read them.',
    resolve: (row, _args, context, info) => displayNameOf(row, context, info),
  }),
  externalId: t.column('externalId'),
  name: t.column('name'),
  meta: t.column('meta'),
  type: t.one('type'),
  organization: t.one('organization'),
  parent: t.one('parent'),
  ancestors: t.rowsById('Scope', {
    reads: ['path'],
    meaning: { kind: 'ids', column: 'path', from: 1 },
    description: 'The scopes above that you may read, the nearest first.',
    idsOf: (row) => row.path.slice(1),
  }),
  children: t.many('children'),
  descendants: t.listed('Scope', {
    reads: [],
    description: 'The scopes below at any depth, of those that you may read.',
    where: ({ id }) =>
      both(compare('path', { is: 'hasAll', values: [id] }), not(oneOf('id', [id]))),
  }),
  members: t.many('memberships'),
  roles: t.many('roles'),
  permissions: t.many('permissions'),
  forms: t.many('forms'),
  workflows: t.many('workflows'),
  agents: t.many('agents'),
  apps: t.many('apps'),
  configs: t.many('configs'),
}));

defineRoots(scope);
defineCommands(scope, ['update']);
defineScopeCommands();
defineScopeByExternalId();
