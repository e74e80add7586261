import type { Form } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { AccessLevelEnum } from '../../graphql/scalars.js';

export const FormRef = builder.objectRef<Form>('Form');

/** What a filter can ask of a Form. */
export const formColumns = {
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
} as const;
