import type { User } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';

export const UserRef = builder.objectRef<User>('User');

/** What another type's filter can ask of a related User. */
export const userColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Their name.' },
  email: { kind: 'text', description: 'Their email, in lower case.' },
  isActive: { kind: 'boolean', description: 'Whether they are active.' },
  isPlatformAdmin: { kind: 'boolean', description: 'Whether they administer the platform.' },
} as const;

export const userFieldsFilter = defineFilter('UserFieldsFilter', userColumns);
