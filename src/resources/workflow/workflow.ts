import { parametersSchema } from '../../commands/checks/json-schema.js';
import { between } from '../../commands/checks/number.js';
import { cap } from '../../commands/checks/operations.js';
import { endpoint, queue } from '../../commands/checks/text.js';
import { assertHasNotRun } from '../../execution/assert-has-not-run.js';
import { forManagers, open, related, shown, through } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { WORKFLOW_KINDS } from '../../policy/vocabulary.js';
import { audited, cascading, edited, executable, owned, placed } from '../traits/index.js';

export const workflow = resource('Workflow', {
  resource: 'workflow',
  noun: 'workflow',
  description: 'A workflow: an endpoint that is run with parameters.',
  traits: [edited, audited, placed, owned, executable, cascading('name')],
  columns: {
    endpoint: forManagers('What it calls.', { set: { check: endpoint } }),
    kind: open('What it is for (D27); it stays so.', {
      values: WORKFLOW_KINDS,
      set: { fixed: true },
    }),
    operations: forManagers(
      'What its executions may do of what their launchers may (D30): type and action, such as `form:read`; `*`, everything.',
      { filter: false, set: { check: cap } },
    ),
    queue: forManagers('Where workers find its executions.', { set: { check: queue } }),
    timeoutSeconds: forManagers('How long an execution of it may take: 1 to 86400 seconds.', {
      set: { check: between(1, 86_400) },
    }),
    maxAttempts: forManagers(
      'How often it may be tried: 1 to 20; more than once only what does no harm when it is done twice.',
      { set: { check: between(1, 20) } },
    ),
    cacheSeconds: forManagers(
      'How long what a data provider answered may be answered again (D27): 0, not at all, to 300 seconds.',
      { set: { check: between(0, 300) } },
    ),
    parameters: shown('The JSON schema of its parameters.', { set: { check: parametersSchema } }),
  },
  relations: {
    forms: related('The forms that launch it, of those that you may read.', { filter: false }),
    executions: related('What it was run, of the executions that you may read.', { filter: false }),
    agents: through('agent', 'The agents that may call it, of those that you may read.', {
      filter: false,
    }),
  },
  beforeDelete: assertHasNotRun('workflowId'),
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
