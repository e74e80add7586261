import type { Config } from '../../data/generated/client.js';
import { builder } from '../../graphql/builder.js';
import { ConfigTypeEnum } from '../../graphql/scalars.js';

export const ConfigRef = builder.objectRef<Config>('Config');

/** What a filter can ask of a Config. */
export const configColumns = {
  id: { kind: 'id', description: 'Its id.' },
  createdAt: { kind: 'date', description: 'When it was made.' },
  updatedAt: { kind: 'date', description: 'When it was changed last.' },
  key: { kind: 'text', description: 'Its key.' },
  description: { kind: 'text', nullable: true, description: 'What it is for.' },
  type: { kind: ConfigTypeEnum, description: 'What it holds.' },
  isFinal: { kind: 'boolean', description: 'Whether it cannot be overridden below.' },
  isActive: { kind: 'boolean', description: 'Whether it is active.' },
} as const;
