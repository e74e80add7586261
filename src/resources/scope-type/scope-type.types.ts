import type { ScopeType } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';
import { PermissionModeEnum } from '../../graphql/scalars.js';

export const ScopeTypeRef = builder.objectRef<ScopeType>('ScopeType');

/** What another type's filter can ask of a related ScopeType. */
export const scopeTypeColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Its name.' },
  permissionMode: {
    kind: PermissionModeEnum,
    description: 'What its scopes do with permissions from above.',
  },
} as const;

export const scopeTypeFieldsFilter = defineFilter('ScopeTypeFieldsFilter', scopeTypeColumns);
