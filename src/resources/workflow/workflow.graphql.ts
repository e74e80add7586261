import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { workflow } from './workflow.js';

defineType(workflow, (t) => ({
  ...t.traits(),
  endpoint: t.column('endpoint'),
  kind: t.column('kind'),
  parameters: t.column('parameters'),
  operations: t.forManagers({
    type: ['String'],
    reads: ['operations'],
    meaning: { kind: 'column', column: 'operations', managed: true },
    description:
      'What its executions may do of what their launchers may (D30): type and action, such as `form:read`; `*`, everything.',
    resolve: (row) => row.operations,
  }),
  queue: t.column('queue'),
  timeoutSeconds: t.column('timeoutSeconds'),
  maxAttempts: t.column('maxAttempts'),
  cacheSeconds: t.column('cacheSeconds'),
  forms: t.many('forms'),
  agents: t.many('agents'),
  executions: t.many('executions'),
}));

defineRoots(workflow);

defineCommands(workflow, ['create', 'update', 'share', 'transfer', 'move', 'delete']);
