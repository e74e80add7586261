import { parametersSchema } from '../../commands/checks/json-schema.js';
import { endpoint } from '../../commands/checks/text.js';
import { forManagers, related, shown, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { audited, cascading, edited, executable, owned, placed } from '../traits/index.js';

export const workflow = resource('Workflow', {
  resource: 'workflow',
  noun: 'workflow',
  description: 'A workflow: an endpoint that is run with parameters.',
  traits: [edited, audited, placed, owned, executable, cascading('name')],
  columns: {
    endpoint: forManagers('What it calls.', { set: { check: endpoint } }),
    parameters: shown('The JSON schema of its parameters.', { set: { check: parametersSchema } }),
  },
  relations: {
    forms: related('The forms that launch it, of those that you may read.', { filter: false }),
    agents: through('agent', 'The agents that may call it, of those that you may read.', {
      filter: false,
    }),
  },
  actions: {
    read: anyOf(used, managed('workflow:read')),
    use: used,
    create: managed('workflow:create'),
    update: managed('workflow:update'),
    delete: managed('workflow:delete'),
    share: managed('workflow:share'),
    transfer: managed('workflow:transfer'),
  },
});
