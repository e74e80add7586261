import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { agent } from './agent.js';

defineType(agent, (t) => ({
  ...t.traits(),
  instructions: t.column('instructions'),
  tools: t.many('tools'),
  delegates: t.many('delegates'),
  delegators: t.many('delegators'),
}));

defineRoots(agent);

defineCommands(agent, ['create', 'update', 'share', 'transfer', 'move', 'delete']);
