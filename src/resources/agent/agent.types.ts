import type { Agent } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { defineFilter } from '../../graphql/filters.js';
import { AccessLevelEnum } from '../../graphql/scalars.js';

export const AgentRef = builder.objectRef<Agent>('Agent');

/** What another type's filter can ask of a related Agent. */
export const agentColumns = {
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
  instructions: { kind: 'text', description: 'What it is told; only rows that you manage match.' },
} as const;

export const agentFieldsFilter = defineFilter('AgentFieldsFilter', agentColumns);
