import { type Check, issue } from '../../commands/checks/check.js';
import { description, name } from '../../commands/checks/text.js';
import { forManagers, open, through } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';
import { ACCESS_LEVELS } from '../../policy/vocabulary.js';

/** D6: PRIVATE is for agents alone. */
const notPrivate: Check = (value) =>
  value === 'PRIVATE' ? [issue('PRIVATE is for agents alone')] : [];

/** What is used by whom its access level lets in (D6): forms, workflows, agents and apps. */
export const executable: Trait = {
  naming: 'name',
  columns: {
    name: open('Its name, unique at its scope.', { sort: true, set: { check: name } }),
    description: open('What it is for.', { set: { check: description } }),
    isActive: open('Whether it can be used; an inactive one is seen by its managers alone.', {
      set: {},
    }),
    accessLevel: forManagers('Who may use it (D6); null if it is none that this version knows.', {
      values: ACCESS_LEVELS,
      set: { by: 'share', check: notPrivate },
    }),
  },
  relations: {
    roles: through('role', 'The roles whose holders may use it when it is ROLE_BASED.', {
      managed: true,
      kept: 'roleIds',
      set: { by: 'share' },
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
