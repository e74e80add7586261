// A worker in one file: it claims executions of Heimdall over GraphQL and runs them. Public API alone, no package.
//   HEIMDALL_WORKER_KEY=hdak_… npx tsx examples/worker/worker.ts
import { setTimeout as sleep } from 'node:timers/promises';

const URL = process.env.HEIMDALL_URL ?? 'http://127.0.0.1:4000/graphql';
const KEY = process.env.HEIMDALL_WORKER_KEY ?? '';
const LEASE_SECONDS = 60;
const AT_ONCE = 10;

interface Execution {
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly leaseToken: string;
  readonly token: string;
}

/** What a workflow is given: what it was launched with, and means to ask and to say. */
interface Run {
  readonly input: Record<string, unknown>;
  /** Asks Heimdall as the execution: as who launched it, and with the configs of where it runs. */
  ask(query: string, variables?: object): Promise<Record<string, unknown>>;
  log(message: string, data?: unknown): Promise<void>;
  readonly cancelled: AbortSignal;
}

/** The workflows that this worker can run, by their names. */
const WORKFLOWS: Record<string, (run: Run) => Promise<unknown>> = {
  async 'Add Up'({ input, log }) {
    const numbers = Array.isArray(input.numbers) ? input.numbers.map(Number) : [];
    await log(`adding ${numbers.length} numbers`);
    return { sum: numbers.reduce((sum, one) => sum + one, 0) };
  },
  async Greet({ input, ask, log }) {
    const { configByKey } = (await ask('{ configByKey(key: "greeting") { value } }')) as {
      configByKey: { value: unknown } | null;
    };
    const greeting = configByKey?.value ?? 'Hello';
    await log('greeting', { name: input.name });
    return { text: `${greeting}, ${input.name ?? 'world'}!` };
  },
};

async function send(token: string, query: string, variables: object = {}) {
  const response = await fetch(URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions?: { code?: string } }[];
  };
  const [error] = errors ?? [];
  if (error !== undefined) {
    throw Object.assign(new Error(error.message), { code: error.extensions?.code });
  }
  return data ?? {};
}

const mutation = (name: string, selection: string) => {
  const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const query = `mutation ${Name}($input: ${Name}Input!) { ${name}(input: $input) ${selection} }`;
  return async (input: object) => (await send(KEY, query, { input }))[name];
};
const claim = mutation('claimExecutions', '{ id name input leaseToken token }');
const heartbeat = mutation('heartbeatExecutions', '{ id isLost cancelRequested }');
const append = mutation('appendExecutionLogs', '{ kept }');
const complete = mutation('completeExecution', '{ status }');
const fail = mutation('failExecution', '{ status }');
const release = mutation('releaseExecution', '{ status }');

/** The answer to one thing may get lost: it is said again, which changes nothing, until it is known. */
async function surely(say: () => Promise<unknown>): Promise<void> {
  for (let wait = 250; ; wait = Math.min(2 * wait, 5_000)) {
    try {
      await say();
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      // Whatever Heimdall has decided stays so: that it is another's by now, or not well said.
      if (code !== undefined && code !== 'UNAVAILABLE') {
        process.stderr.write(`${code}: ${(error as Error).message}\n`);
        return;
      }
      await sleep(wait);
    }
  }
}

const under = new Map<string, { readonly leaseToken: string; readonly cancel: AbortController }>();

async function run({ id, name, input, leaseToken, token }: Execution): Promise<void> {
  const cancel = new AbortController();
  under.set(id, { leaseToken, cancel });
  let seq = 0;
  const work = WORKFLOWS[name];
  try {
    if (work === undefined)
      throw Object.assign(new Error(`no workflow ${name}`), { code: 'UNKNOWN_WORKFLOW' });
    const result = await work({
      input,
      cancelled: cancel.signal,
      ask: (query, variables) => send(token, query, variables),
      log: async (message, data) => {
        const line = { seq: seq++, level: 'INFO', message, data, at: new Date().toISOString() };
        await append({ id, leaseToken, lines: [line] });
      },
    });
    await surely(() => complete({ id, leaseToken, result }));
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const said = { code: code ?? 'FAILED', message, retryable: cancel.signal.aborted };
    await surely(() => fail({ id, leaseToken, ...said }));
  } finally {
    under.delete(id);
  }
}

/** Says of all that is under way that it is, three times within each lease. */
async function beat(): Promise<void> {
  const executions = [...under].map(([id, { leaseToken }]) => ({ id, leaseToken }));
  if (executions.length === 0) return;
  const answers = (await heartbeat({ executions })) as {
    id: string;
    isLost: boolean;
    cancelRequested: boolean;
  }[];
  for (const { id, isLost, cancelRequested } of answers) {
    if (isLost || cancelRequested) under.get(id)?.cancel.abort();
  }
}

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopping = true;
  });
}
const beating = setInterval(() => void beat().catch(() => {}), (LEASE_SECONDS * 1_000) / 3);

/** What asking again does not change, and what to do about it. */
const HOPELESS: Record<string, string> = {
  UNAUTHENTICATED: 'HEIMDALL_WORKER_KEY is no key that may act',
  FORBIDDEN: 'the key may not work: docs/worker-protocol.md, "A key for the worker"',
  NOT_FOUND: 'is HEIMDALL_URL the endpoint, …/graphql?',
};
const giveUp = (reason: string): never => {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
};

if (KEY === '')
  giveUp('HEIMDALL_WORKER_KEY is not set: docs/worker-protocol.md says how to make one');
process.stdout.write(`working for ${URL}\n`);
while (!stopping) {
  const max = AT_ONCE - under.size;
  if (max <= 0) {
    await sleep(100);
    continue;
  }
  try {
    const claimed = (await claim({ max, leaseSeconds: LEASE_SECONDS, wait: 5 })) as Execution[];
    for (const one of claimed) {
      if (stopping) await surely(() => release({ id: one.id, leaseToken: one.leaseToken }));
      else void run(one);
    }
  } catch (error) {
    const { message, code = '', cause } = error as Error & { code?: string };
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    if (HOPELESS[code] !== undefined) giveUp(`${code}: ${HOPELESS[code]}`);
    process.stderr.write(`${code} ${message}${why}\n`);
    await sleep(1_000);
  }
}
while (under.size > 0) await sleep(50);
clearInterval(beating);
