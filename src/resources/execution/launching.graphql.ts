import type { Session } from '../../commands/session.js';
import { badInput, forbidden } from '../../errors.js';
import { awaitEnd, MOST_WAIT_SECONDS } from '../../execution/await-end.js';
import { cancelExecution } from '../../execution/cancel-execution.js';
import { retryExecution } from '../../execution/retry-execution.js';
import { runWorkflow } from '../../execution/run-workflow.js';
import { submitForm } from '../../execution/submit-form.js';
import type { InputFields } from '../../graphql/comparisons.js';
import { namedFields, namedIn, scopeField } from '../../graphql/define-commands.js';
import { defineMutation, type InputBuilder } from '../../graphql/define-mutation.js';
import type { Context } from '../../request/context.js';
import { execution } from './execution.js';

type Input = Readonly<Record<string, unknown>>;

const waitField = (t: InputBuilder): InputFields => ({
  wait: t.int({
    required: false,
    description: `For how many seconds its end is waited for, at most ${MOST_WAIT_SECONDS}; it is answered as it is then, ended or not. Omitted or 0: not at all.`,
  }),
});

function waitOf({ wait }: Input): number {
  const seconds = typeof wait === 'number' ? wait : 0;
  if (seconds >= 0 && seconds <= MOST_WAIT_SECONDS) return seconds;
  const message = `it is a whole number from 0 to ${MOST_WAIT_SECONDS}`;
  throw badInput([{ path: ['wait'], message }]);
}

const waiting = async (ids: readonly string[], input: Input, context: Context): Promise<void> => {
  const [id] = ids;
  const seconds = waitOf(input);
  if (id !== undefined && seconds > 0) await awaitEnd(context, id, seconds);
};

/**
 * INVARIANT: what a model says launches what is a tool or a delegate of its agent, by the mutations that look (D33), and nothing
 * else.
 */
function assertNoModel({ principal: { execution: running } }: Pick<Session, 'principal'>): void {
  if (running === undefined || running.isPrivileged) return;
  throw forbidden('a run of an agent launches by callTool and delegate');
}

const scopeIn = ({ scope }: Input) => scope as string | null | undefined;

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
