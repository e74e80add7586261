import type { Permission } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';

export const PermissionRef = builder.objectRef<Permission>('Permission');

/** What another type's filter can ask of a related Permission. */
export const permissionColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  key: { kind: 'text', description: 'Its key, resourceType:action:resourcePattern.' },
  label: { kind: 'text', nullable: true, description: 'What people call it.' },
  resourceType: { kind: 'text', description: 'The type of resource it is about.' },
  action: { kind: 'text', description: 'What it permits.' },
  resourcePattern: { kind: 'text', description: 'Which rows it is about.' },
} as const;

export const permissionFieldsFilter = defineFilter('PermissionFieldsFilter', permissionColumns);
