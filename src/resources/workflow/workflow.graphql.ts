import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { workflow } from './workflow.js';

defineType(workflow, (t) => ({
  ...t.traits(),
  endpoint: t.column('endpoint'),
  parameters: t.column('parameters'),
  forms: t.many('forms'),
  agents: t.many('agents'),
}));

defineRoots(workflow);

defineCommands(workflow, ['create', 'update', 'share', 'transfer', 'move', 'delete']);
