import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { toOne } from '../../graphql/relations.js';
import { defineLookup, defineRootFields } from '../../graphql/root-fields.js';
import { executableFields, executableFilters } from '../executable-fields.js';
import { sortByText, sortByTimes } from '../placed-fields.js';
import { shadowFields } from '../shadow-fields.js';
import { WorkflowRef, workflowFieldsFilter } from '../workflow/workflow.types.js';
import { FormRef, formColumns } from './form.types.js';

FormRef.implement({
  description: 'A form that people fill in; it may launch a workflow.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    ...executableFields(t, 'Form'),
    ...shadowFields(t, 'Form', FormRef),
    fields: t.field({
      type: 'JSON',
      nullable: false,
      description: 'What is asked for.',
      resolve: (row) => row.fields,
    }),
    workflow: t.field(
      toOne('Form', 'workflow', WorkflowRef, {
        description: 'The workflow it launches, if you may read that one.',
      }),
    ),
  }),
});

const filter = defineFilter('FormFilter', formColumns, {
  ...executableFilters,
  workflow: { filter: workflowFieldsFilter, description: 'The workflow it launches.' },
});

const order = defineOrder('Form', {
  NAME: sortByText('name'),

  ...sortByTimes,
});

const roots = {
  model: 'Form',
  one: 'form',
  many: 'forms',
  noun: 'form',
  nouns: 'forms',
  ref: FormRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: true,
} as const;

defineRootFields(roots);
defineLookup(roots, 'formByName', 'name');
