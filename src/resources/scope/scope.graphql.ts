import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { scope } from './scope.js';
import { defineScopeByExternalId } from './scope-queries.js';

defineType(scope, (t) => ({
  ...t.traits(),
  externalId: t.column('externalId'),
  name: t.column('name'),
  meta: t.column('meta'),
  type: t.one('type'),
  organization: t.one('organization'),
  parent: t.one('parent'),
  ancestors: t.rowsById('Scope', {
    reads: ['path'],
    description: 'The scopes above that you may read, the nearest first.',
    idsOf: (row) => row.path.slice(1),
  }),
  children: t.firstOf('children', {
    order: [
      { field: 'name', direction: 'asc' },
      { field: 'id', direction: 'asc' },
    ],
    description:
      'The scopes below that you may read, by name. More of them: `scopes(where: { parent: … })`.',
  }),
}));

defineRoots(scope);
defineScopeByExternalId();
