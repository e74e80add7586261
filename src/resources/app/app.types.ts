import type { App } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { AccessLevelEnum } from '../../graphql/scalars.js';

export const AppRef = builder.objectRef<App>('App');

/** What a filter can ask of a App. */
export const appColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  name: { kind: 'text', description: 'Its name.' },
  description: { kind: 'text', nullable: true, description: 'What it is for.' },
  isActive: { kind: 'boolean', description: 'Whether it is active.' },
  accessLevel: {
    kind: AccessLevelEnum,
    nullable: true,
    description: 'Who may use it; only rows that you manage match.',
  },
  slug: { kind: 'text', description: 'Its name in addresses.' },
} as const;
