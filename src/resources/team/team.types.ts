import type { Team } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';

export const TeamRef = builder.objectRef<Team>('Team');

/** What another type's filter can ask of a related Team. */
export const teamColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Its name.' },
} as const;

export const teamFieldsFilter = defineFilter('TeamFieldsFilter', teamColumns);
