import { formFields } from '../../commands/checks/form-fields.js';
import { jsonObject } from '../../commands/checks/json.js';
import { assertHasNotRun } from '../../execution/assert-has-not-run.js';
import { forManagers, related, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { audited, cascading, edited, executable, owned, placed } from '../traits/index.js';

export const form = resource('Form', {
  resource: 'form',
  noun: 'form',
  description: 'A form that people fill in; it may launch a workflow.',
  traits: [edited, audited, placed, owned, executable, cascading('name')],
  columns: {
    fields: shown('What is asked for.', { set: { check: formFields } }),
    fixedParameters: forManagers(
      'What its workflow gets besides what is filled in; it wins over that (D33).',
      { filter: false, set: { check: jsonObject(16 * 1_024) } },
    ),
  },
  relations: {
    workflow: related('The workflow it launches, if you may read that one.', { set: {} }),
  },
  beforeDelete: assertHasNotRun('formId'),
  actions: {
    read: anyOf(used, managed('form:read')),
    use: used,
    create: managed('form:create'),
    update: managed('form:update'),
    delete: managed('form:delete'),
    share: managed('form:share'),
    transfer: managed('form:transfer'),
  },
});
