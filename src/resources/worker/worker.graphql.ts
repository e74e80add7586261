import { recordRefusal } from '../../commands/record.js';
import { type Claimed, type ClaimOptions, claim } from '../../execution/claim.js';
import { complete, fail, type Moved, release } from '../../execution/finish.js';
import { type Beaten, heartbeat } from '../../execution/heartbeat.js';
import { appendLogs } from '../../execution/logs.js';
import { builder } from '../../graphql/builder.js';
import { dynamicInput, type InputFields } from '../../graphql/comparisons.js';
import type { InputBuilder } from '../../graphql/define-mutation.js';
import { marked } from '../../graphql/subgraph-marks.js';
import { writableOf } from '../../graphql/writable-of.js';
import type { Apart } from '../../request/apart.js';
import type { Context } from '../../request/context.js';
import { execution } from '../execution/execution.js';
import { beatsIn, claimIn, failureIn, linesIn, resultIn } from './inputs.js';
import { BeatenRef, ClaimedRef, LeaseRef, MovedRef } from './types.js';

type Input = Readonly<Record<string, unknown>>;

const writable = writableOf(execution);

/** Workers ask the gateway itself: who waits for work, or holds a lease, is no client of a supergraph. */
const INTERNAL = marked({ internal: true });

/** What every worker's mutation has in common. What is denied is recorded (D19), as of every other. */
async function working<T>(
  context: Context,
  action: string,
  id: string | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await recordRefusal(context, writable, action, { id, at: null }, error);
    throw error;
  }
}

const input = (name: string, description: string, fields: (t: InputBuilder) => InputFields) =>
  dynamicInput(name, description, fields);

const ClaimInput = input('ClaimExecutionsInput', 'What a worker asks for.', (t) => ({
  queues: t.stringList({
    description: 'From which queues, by their exact names; `default` where none are named.',
    required: false,
  }),
  max: t.int({ required: true, description: 'So many at most: 1 to 50.' }),
  leaseSeconds: t.int({
    required: true,
    description: 'How long it has each without being heard of: 15 to 300 seconds.',
  }),
  wait: t.int({
    required: true,
    description: 'How long to wait for the first, in seconds: 0 to 20.',
  }),
}));

builder.mutationField('claimExecutions', (t) =>
  t.field({
    type: [ClaimedRef],
    nullable: true,
    authScopes: { signedIn: true },
    ...INTERNAL,
    description:
      'Executions for a worker to run (D34), by an API key of nobody that holds `execution:work`; each decided again as who launched it. Empty where there is none in time.',
    args: { input: t.arg({ type: ClaimInput, required: true, description: 'What is asked for.' }) },
    resolve: (_root, args, context) =>
      working(context, 'claim', null, async () => {
        const { waitMs, ...asked } = claimIn(args.input as Input);
        const options = { ...asked, perOrganization: context.limits.executionsRunning };
        const claimed = await context.wait(
          asked.queues.map((queue) => `queued:${queue}` as const),
          () => nextClaimed(context, options),
          waitMs,
        );
        // Nobody is there to run them: they are as if they had not been claimed.
        if (context.isGone()) await giveBack(context, claimed ?? []);
        return claimed ?? [];
      }),
  }),
);

/** Behind executions that are denied there may be others. */
async function nextClaimed(
  context: Context,
  options: ClaimOptions,
): Promise<Claimed[] | undefined> {
  for (;;) {
    const claimed = await context.apart((apart) => claim(apart, options));
    if (claimed === undefined || claimed.length > 0) return claimed;
  }
}

async function giveBack(context: Context, claimed: readonly Claimed[]): Promise<void> {
  for (const { id, leaseToken } of claimed) {
    await context.apart((apart) => release(apart, id, leaseToken));
  }
}

const BeatInput = input('ExecutionHeartbeatInput', 'A sign of life for one execution.', (t) => ({
  id: t.id({ required: true, description: 'The execution.' }),
  leaseToken: t.string({ required: true, description: 'The fence of its attempt.' }),
  progress: t.field({
    type: 'JSON',
    description: 'How far it is, in words of the worker’s own: at most 8 KiB.',
    required: false,
  }),
}));
const BeatsInput = input('HeartbeatExecutionsInput', 'Signs of life.', (t) => ({
  executions: t.field({
    type: [BeatInput],
    required: true,
    description: 'All that the worker has; at most 100.',
  }),
}));

builder.mutationField('heartbeatExecutions', (t) =>
  t.field({
    type: [BeatenRef],
    nullable: true,
    authScopes: { signedIn: true },
    ...INTERNAL,
    description:
      'Prolongs leases, and tells what is to be cancelled (D34), in the order of the input.',
    args: { input: t.arg({ type: BeatsInput, required: true, description: 'Which ones.' }) },
    resolve: (_root, args, context): Promise<Beaten[]> =>
      working(context, 'heartbeat', null, async () => {
        const beats = beatsIn(args.input as Input);
        return context.apart((apart) => heartbeat(apart, beats));
      }),
  }),
);

const LineInput = input('ExecutionLogInput', 'A line of a log: at most 8 KiB.', (t) => ({
  seq: t.int({
    required: true,
    description: 'Its place in the attempt, as the worker counts. Sent again it changes nothing.',
  }),
  level: t.string({ required: true, description: '`DEBUG`, `INFO`, `WARN` or `ERROR`.' }),
  message: t.string({ required: true, description: 'What it says.' }),
  data: t.field({ type: 'JSON', required: false, description: 'What it says besides.' }),
  at: t.field({ type: 'DateTime', required: true, description: 'When, by the worker’s clock.' }),
}));
const LogsInput = input('AppendExecutionLogsInput', 'Lines of a log.', (t) => ({
  ...leaseFields(t),
  lines: t.field({ type: [LineInput], required: true, description: 'At most 500 at once.' }),
}));

builder.mutationField('appendExecutionLogs', (t) =>
  t.field({
    type: LeaseRef,
    nullable: true,
    authScopes: { signedIn: true },
    ...INTERNAL,
    description:
      'Keeps lines of a log (D34): at most 10,000 of an execution, and then one that says so. Secrets that it was handed are left out.',
    args: { input: t.arg({ type: LogsInput, required: true, description: 'Of what.' }) },
    resolve: (_root, args, context) => {
      const { id, leaseToken } = leaseIn(args.input as Input);
      return working(context, 'log', id, async () => {
        const lines = linesIn(args.input as Input);
        const kept = await context.apart((apart) => appendLogs(apart, id, leaseToken, lines));
        return { id, kept };
      });
    },
  }),
);

interface Ending {
  readonly name: 'complete' | 'fail' | 'release';
  readonly description: string;
  readonly fields?: (t: InputBuilder) => InputFields;
  readonly read: (said: Input) => (apart: Apart, id: string, leaseToken: string) => Promise<Moved>;
}

const ENDINGS: readonly Ending[] = [
  {
    name: 'complete',
    description:
      'Ends an attempt with its result (D34). The same again is answered the same, another is a CONFLICT.',
    fields: (t) => ({
      result: t.field({
        type: 'JSON',
        required: false,
        description: 'What it answers: any JSON of at most 1 MiB.',
      }),
    }),
    read: (said) => {
      const result = resultIn(said);
      return (apart, id, leaseToken) => complete(apart, id, leaseToken, result);
    },
  },
  {
    name: 'fail',
    description:
      'Ends an attempt without a result (D34); one that may be tried again is queued once more, where attempts are left.',
    fields: (t) => ({
      code: t.string({ required: true, description: 'What sort of failure: A-Z, 0-9 and _.' }),
      message: t.string({
        required: true,
        description: 'What its launcher is told; at most 8 KiB.',
      }),
      detail: t.field({
        type: 'JSON',
        required: false,
        description: 'What inspectors are told besides; at most 64 KiB.',
      }),
      retryable: t.boolean({ required: true, description: 'Whether another attempt may succeed.' }),
    }),
    read: (said) => {
      const failure = failureIn(said);
      return (apart, id, leaseToken) => fail(apart, id, leaseToken, failure);
    },
  },
  {
    name: 'release',
    description: 'Gives an execution back to the queue, as if it had not been claimed (D34).',
    read: () => release,
  },
];

for (const { name, description, fields, read } of ENDINGS) {
  const mutation = `${name}Execution`;
  const type = input(`${capital(mutation)}Input`, description, (t) => ({
    ...leaseFields(t),
    ...fields?.(t),
  }));
  builder.mutationField(mutation, (t) =>
    t.field({
      type: MovedRef,
      nullable: true,
      authScopes: { signedIn: true },
      ...INTERNAL,
      description,
      args: { input: t.arg({ type, required: true, description: 'Which attempt.' }) },
      resolve: (_root, args, context) => {
        const { id, leaseToken } = leaseIn(args.input as Input);
        return working(context, name, id, async () => {
          const run = read(args.input as Input);
          return context.apart((apart) => run(apart, id, leaseToken));
        });
      },
    }),
  );
}

function leaseFields(t: InputBuilder): InputFields {
  return {
    id: t.id({ required: true, description: 'The execution.' }),
    leaseToken: t.string({
      required: true,
      description: 'The fence of the attempt, as it was handed out with it.',
    }),
  };
}

const leaseIn = ({ id, leaseToken }: Input) => ({ id: String(id), leaseToken: String(leaseToken) });

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
