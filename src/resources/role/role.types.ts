import type { Role } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';
import { DataAccessEnum } from '../../graphql/scalars.js';

export const RoleRef = builder.objectRef<Role>('Role');

/** What another type's filter can ask of a related Role. */
export const roleColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Its name.' },
  description: { kind: 'text', nullable: true, description: 'What it is for.' },
  dataAccess: { kind: DataAccessEnum, description: 'Which rows it covers.' },
  isSystem: { kind: 'boolean', description: 'Whether it is built in.' },
} as const;

export const roleFieldsFilter = defineFilter('RoleFieldsFilter', roleColumns);
