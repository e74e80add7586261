import { forManagers, open, through } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';
import { ACCESS_LEVELS } from '../../policy/vocabulary.js';

/** What is used by whom its access level lets in (D6): forms, workflows, agents and apps. */
export const executable: Trait = {
  naming: 'name',
  columns: {
    name: open('Its name, unique at its scope.', { sort: true }),
    description: open('What it is for.'),
    isActive: open('Whether it can be used; an inactive one is seen by its managers alone.'),
    accessLevel: forManagers('Who may use it (D6); null if it is none that this version knows.', {
      values: ACCESS_LEVELS,
    }),
  },
  relations: {
    roles: through('role', 'The roles whose holders may use it when it is ROLE_BASED.', {
      managed: true,
      kept: 'roleIds',
    }),
  },
  fields: (t) => ({
    name: t.column('name'),
    description: t.column('description'),
    isActive: t.column('isActive'),
    accessLevel: t.column('accessLevel'),
    roles: t.many('roles'),
    canUse: t.permitted('use', 'Whether you may use it, and not merely manage it (D6).'),
  }),
};
