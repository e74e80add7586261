import { MOST_WAIT_SECONDS } from '../../execution/await-end.js';
import { cancelExecution } from '../../execution/cancel-execution.js';
import { retryExecution } from '../../execution/retry-execution.js';
import { runWorkflow } from '../../execution/run-workflow.js';
import { submitForm } from '../../execution/submit-form.js';
import { namedFields, namedIn, scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { execution } from './execution.js';
import { assertNoModel, scopeIn, waitingUpTo } from './waiting.js';

const { field: waitField, secondsOf: waitOf, afterwards: waiting } = waitingUpTo(MOST_WAIT_SECONDS);

defineMutation('submitForm', {
  resource: execution,
  action: 'launch',
  description:
    'Submits a form: launches its workflow with what is filled in (D33). Both must be yours to use.',
  shown: 'row',
  fields: (t) => ({
    form: t.id({ required: true, description: 'The form.' }),
    values: t.field({
      type: 'JSON',
      required: true,
      description: 'What is filled in, by the names of the fields; others are refused.',
    }),
    ...scopeField(t),
    ...waitField(t),
  }),
  run: async (session, input) => {
    assertNoModel(session);
    waitOf(input);
    const { form, values } = input;
    return [await submitForm(session, { form: String(form), values, scope: scopeIn(input) })];
  },
  afterwards: waiting,
});

defineMutation('runWorkflow', {
  resource: execution,
  action: 'launch',
  description: 'Runs a workflow that is yours to use (D33).',
  shown: 'row',
  fields: (t) => ({
    workflow: t.id({ required: true, description: 'The workflow.' }),
    input: t.field({
      type: 'JSON',
      required: false,
      description: 'Its parameters, as the schema of the workflow describes them; at most 256 KiB.',
    }),
    ...scopeField(t),
    notBefore: t.field({
      type: 'DateTime',
      required: false,
      description: 'Before then no worker has it; omitted, at once.',
    }),
    ...waitField(t),
  }),
  run: async (session, input) => {
    assertNoModel(session);
    waitOf(input);
    const { workflow, notBefore } = input;
    return [
      await runWorkflow(session, {
        workflow: String(workflow),
        input: input.input,
        scope: scopeIn(input),
        notBefore: notBefore as Date | null | undefined,
      }),
    ];
  },
  afterwards: waiting,
});

defineMutation('cancelExecution', {
  resource: execution,
  action: 'cancel',
  description:
    'Cancels an execution and all that it launched (D32): what waits at once, what runs as soon as its worker is told.',
  shown: 'row',
  fields: (t) => namedFields(t, 'execution'),
  run: async (session, input) => [await cancelExecution(session, namedIn(input))],
});

defineMutation('retryExecution', {
  resource: execution,
  action: 'launch',
  description:
    'Launches anew, as you, what has ended (D34): you must see its input, and the workflow must be yours to use.',
  shown: 'row',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The execution.' }),
    ...waitField(t),
  }),
  run: async (session, input) => {
    assertNoModel(session);
    waitOf(input);
    return [await retryExecution(session, String(input.id))];
  },
  afterwards: waiting,
});
