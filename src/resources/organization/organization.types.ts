import type { Organization } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';

export const OrganizationRef = builder.objectRef<Organization>('Organization');

/** What another type's filter can ask of a related Organization. */
const organizationColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Its name.' },
  domain: { kind: 'text', nullable: true, description: 'Its domain.' },
  isActive: { kind: 'boolean', description: 'Whether it is active.' },
  isProvider: {
    kind: 'boolean',
    description: 'Whether its members may act in other organizations.',
  },
} as const;

export const organizationFieldsFilter = defineFilter(
  'OrganizationFieldsFilter',
  organizationColumns,
);
