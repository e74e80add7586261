import { related } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';

/** What can be followed through the record (D19). */
export const audited: Trait = {
  columns: {},
  relations: {
    history: related(
      'What was done with it, or refused: the entries of the record that you may read (D44), the latest first.',
      { filter: false },
    ),
  },
  fields: (t) => ({ history: t.many('history') }),
};
