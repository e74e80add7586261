import type { Scope } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';

export const ScopeRef = builder.objectRef<Scope>('Scope');

/** What another type's filter can ask of a related Scope. */
export const scopeColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', nullable: true, description: 'Its name.' },
  externalId: { kind: 'text', nullable: true, description: 'Its id in another system.' },
} as const;

export const scopeFieldsFilter = defineFilter('ScopeFieldsFilter', scopeColumns);
