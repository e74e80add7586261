import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { managedBy, toMany } from '../../graphql/relations.js';
import { defineLookup, defineRootFields } from '../../graphql/root-fields.js';
import { executableFields, executableFilters } from '../executable-fields.js';
import { sortByText, sortByTimes } from '../placed-fields.js';
import { shadowFields } from '../shadow-fields.js';
import { WorkflowRef, workflowFieldsFilter } from '../workflow/workflow.types.js';
import { AgentRef, agentColumns, agentFieldsFilter } from './agent.types.js';

AgentRef.implement({
  description: 'An agent that people chat with and other agents delegate to.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    ...executableFields(t, 'Agent'),
    ...shadowFields(t, 'Agent', AgentRef),
    instructions: t.exposeString('instructions', {
      nullable: true,
      authScopes: managedBy('Agent'),
      description: 'What it is told. For managers.',
    }),
    tools: t.field(
      toMany('Agent', ['tools', 'workflow'], WorkflowRef, {
        description: 'The workflows that it may call, of those that you may read.',
      }),
    ),
    delegates: t.field(
      toMany('Agent', ['delegates', 'delegate'], AgentRef, {
        description: 'The agents that it may delegate to, of those that you may read.',
      }),
    ),
  }),
});

const filter = defineFilter('AgentFilter', agentColumns, {
  ...executableFilters,
  tools: {
    filter: workflowFieldsFilter,
    list: true,
    through: 'workflow',
    description: 'The workflows that it may call.',
  },
  delegates: {
    filter: agentFieldsFilter,
    list: true,
    through: 'delegate',
    description: 'The agents that it may delegate to.',
  },
});

const order = defineOrder('Agent', {
  NAME: sortByText('name'),

  ...sortByTimes,
});

const roots = {
  model: 'Agent',
  one: 'agent',
  many: 'agents',
  noun: 'agent',
  nouns: 'agents',
  ref: AgentRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: true,
} as const;

defineRootFields(roots);
defineLookup(roots, 'agentByName', 'name');
