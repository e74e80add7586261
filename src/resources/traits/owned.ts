import { related } from '../../graphql/columns.js';
import type { Trait } from '../../graphql/declared.js';

/** What has a creator, an owner and perhaps a team: management fields (D15), by which it is reached (D7). */
export const owned: Trait = {
  ownership: 'owned',
  columns: {},
  relations: {
    createdBy: related('Who made it.', { managed: true }),
    owner: related('Who owns it.', { managed: true, set: { by: 'transfer', required: true } }),
    team: related('The team it belongs to.', { managed: true, set: { by: 'transfer' } }),
  },
  fields: (t) => ({
    createdBy: t.one('createdBy'),
    owner: t.one('owner'),
    team: t.one('team'),
  }),
};
