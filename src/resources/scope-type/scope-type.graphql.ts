import { linkTypes, type TypeLink } from '../../commands/tree/link-types.js';
import { badUserInput, forbidden } from '../../errors.js';
import { dynamicInput } from '../../graphql/comparisons.js';
import { defineCommands } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { PermissionModeEnum } from '../../graphql/enums.js';
import { writableOf } from '../../graphql/writable-of.js';
import { scopeType } from './scope-type.js';

defineType(scopeType, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  permissionMode: t.computed({
    type: PermissionModeEnum,
    nullable: false,
    reads: ['permissionMode'],
    meaning: { kind: 'column', column: 'permissionMode', managed: false, otherwise: 'DEFINE' },
    description:
      'What its scopes do with permissions from above; a mode unknown here counts as DEFINE (D8).',
    resolve: (row) => (row.permissionMode === 'MERGE' ? 'MERGE' : 'DEFINE'),
  }),
  mayContain: t.many('children'),
  mayBeIn: t.many('parents'),
  organization: t.one('organization'),
}));

defineRoots(scopeType);

defineCommands(scopeType, ['create', 'update', 'delete'], {
  // What is built in is everybody's: by platform admins alone.
  async whenMade({ principal }, { organizationId }) {
    if (organizationId === null && !principal.isPlatformAdmin) throw forbidden();
  },
});

const writable = writableOf(scopeType);

const link = dynamicInput(
  'ScopeTypeLink',
  'That scopes of the one type may be in scopes of the other.',
  (t) => ({
    parent: t.id({ required: true, description: 'The type that contains.' }),
    child: t.id({ required: true, description: 'The type that is contained.' }),
  }),
);

for (const [name, change, description] of [
  [
    'linkScopeTypes',
    'link',
    'Lets scopes of types be in scopes of others, all or none; needs the permission to update both, a built-in parent apart. No type is within itself, by whatever path.',
  ],
  [
    'unlinkScopeTypes',
    'unlink',
    'Takes back that scopes of types may be in scopes of others; CONFLICT while any are.',
  ],
] as const) {
  defineMutation(name, {
    resource: scopeType,
    action: change,
    description,
    items: { of: link, name: 'links' },
    shown: 'row',
    run: (session, input) => {
      const links = input.links as readonly TypeLink[];
      const { batchItems } = session.limits;
      if (links.length > batchItems) throw badUserInput(`at most ${batchItems} at once`);
      return linkTypes(session, writable, links, change);
    },
  });
}
