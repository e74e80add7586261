import { related } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';
import { atScope } from '../../policy/define-policy.js';

/** What lives at a scope, in that scope's organization. */
export const placed: Trait = {
  home: atScope,
  columns: {},
  relations: {
    organization: related(
      'The organization it belongs to; null for a global row, or one you may not read.',
    ),
    scope: related('The scope it lives at, if you may read that one.'),
  },
  fields: (t) => ({ organization: t.one('organization'), scope: t.one('scope') }),
};
