import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { managedBy } from '../../graphql/relations.js';
import { defineLookup, defineRootFields } from '../../graphql/root-fields.js';
import { executableFields, executableFilters } from '../executable-fields.js';
import { sortByText, sortByTimes } from '../placed-fields.js';
import { shadowFields } from '../shadow-fields.js';
import { WorkflowRef, workflowColumns } from './workflow.types.js';

WorkflowRef.implement({
  description: 'A workflow: an endpoint that is run with parameters.',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    ...executableFields(t, 'Workflow'),
    ...shadowFields(t, 'Workflow', WorkflowRef),
    endpoint: t.exposeString('endpoint', {
      nullable: true,
      authScopes: managedBy('Workflow'),
      description: 'What it calls. For managers.',
    }),
    parameters: t.field({
      type: 'JSON',
      nullable: false,
      description: 'The JSON schema of its parameters.',
      resolve: (row) => row.parameters,
    }),
  }),
});

const filter = defineFilter('WorkflowFilter', workflowColumns, {
  ...executableFilters,
});

const order = defineOrder('Workflow', {
  NAME: sortByText('name'),

  ...sortByTimes,
});

const roots = {
  model: 'Workflow',
  one: 'workflow',
  many: 'workflows',
  noun: 'workflow',
  nouns: 'workflows',
  ref: WorkflowRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: true,
} as const;

defineRootFields(roots);
defineLookup(roots, 'workflowByName', 'name');
