import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { PermissionModeEnum } from '../../graphql/enums.js';
import { scopeType } from './scope-type.js';

defineType(scopeType, (t) => ({
  ...t.traits(),
  name: t.column('name'),
  permissionMode: t.computed({
    type: PermissionModeEnum,
    nullable: false,
    reads: ['permissionMode'],
    description:
      'What its scopes do with permissions from above; a mode unknown here counts as DEFINE (D8).',
    resolve: (row) => (row.permissionMode === 'MERGE' ? 'MERGE' : 'DEFINE'),
  }),
  mayContain: t.many('children'),
  mayBeIn: t.many('parents'),
  organization: t.one('organization'),
}));

defineRoots(scopeType);
