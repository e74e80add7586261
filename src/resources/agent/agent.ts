import { instructions } from '../../commands/checks/text.js';
import { assertHasNotRun } from '../../execution/assert-has-not-run.js';
import { forManagers, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { ACCESS_LEVELS } from '../../policy/vocabulary.js';
import { audited, cascading, edited, executable, owned, placed } from '../traits/index.js';

export const agent = resource('Agent', {
  resource: 'agent',
  noun: 'agent',
  description: 'An agent that people chat with and other agents delegate to.',
  traits: [edited, audited, placed, owned, executable, cascading('name')],
  columns: {
    accessLevel: forManagers('Who may use it (D6); null if it is none that this version knows.', {
      values: ACCESS_LEVELS,
      set: { by: 'share' },
    }),
    instructions: forManagers('What it is told.', { set: { check: instructions } }),
  },
  relations: {
    tools: through('workflow', 'The workflows that it may call, of those that you may read.', {
      set: {},
    }),
    delegates: through(
      'delegate',
      'The agents that it may delegate to, of those that you may read.',
      // D13: an edge is set by who may use or update the child.
      { set: { needs: ['use', 'update'] } },
    ),
    delegators: through(
      'agent',
      'The agents that may delegate to it, of those that you may read.',
      {
        filter: false,
      },
    ),
  },
  beforeDelete: assertHasNotRun('agentId'),
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
