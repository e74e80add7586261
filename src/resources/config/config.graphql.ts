import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { config } from './config.js';

defineType(config, (t) => ({
  ...t.traits(),
  key: t.column('key'),
  description: t.column('description'),
  type: t.column('type'),
  isFinal: t.column('isFinal'),
  isActive: t.column('isActive'),
  value: t.computed({
    type: 'JSON',
    nullable: true,
    reads: ['type', 'value'],
    description: 'What it is set to; null for a secret (D16).',
    resolve: (row) => (row.type === 'SECRET' ? null : row.value),
  }),
  isSecret: t.computed({
    type: 'Boolean',
    nullable: false,
    reads: ['type'],
    description: 'Whether its value is a secret.',
    resolve: (row) => row.type === 'SECRET',
  }),
}));

defineRoots(config);
