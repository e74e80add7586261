import { forManagers, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { cascading, edited, executable, owned, placed } from '../traits/index.js';

export const agent = resource('Agent', {
  resource: 'agent',
  noun: 'agent',
  description: 'An agent that people chat with and other agents delegate to.',
  traits: [edited, placed, owned, executable, cascading('name')],
  columns: { instructions: forManagers('What it is told.') },
  relations: {
    tools: through('workflow', 'The workflows that it may call, of those that you may read.'),
    delegates: through(
      'delegate',
      'The agents that it may delegate to, of those that you may read.',
    ),
    delegators: through(
      'agent',
      'The agents that may delegate to it, of those that you may read.',
      {
        filter: false,
      },
    ),
  },
  actions: {
    read: anyOf(used, managed('agent:read')),
    use: used,
    create: managed('agent:create'),
    update: managed('agent:update'),
    delete: managed('agent:delete'),
    share: managed('agent:share'),
    transfer: managed('agent:transfer'),
  },
});
