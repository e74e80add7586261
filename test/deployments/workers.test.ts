import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chaos } from '../../scripts/chaos/chaos.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { launched, workerKey } from '../support/working.js';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');
const onServer = process.env.HEIMDALL_TEST_ON === 'server';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const ada = await world.user(a, 'ada');
  const add = await world.row('workflow', a, 'Add Up');
  const greet = await world.row('workflow', a, 'Greet');
  const form = await world.row('form', a, 'Say hello', {
    more: { workflowId: greet.id, fields: [{ name: 'name', type: 'text', required: true }] },
  });
  const config = await world.row('config', a, 'greeting', { more: { value: 'Good day' } });
  const key = await workerKey(world, a);
  return { a, ada, add, greet, form, config, key };
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython)
  process.stderr.write(
    '\nSKIPPED: there is no python3, so examples/worker-python is not tried\n\n',
  );

describe.each<[string, string, readonly string[], boolean]>([
  [
    'TypeScript',
    process.execPath,
    ['--import', 'tsx', join(EXAMPLES, 'worker', 'worker.ts')],
    true,
  ],
  ['Python', 'python3', [join(EXAMPLES, 'worker-python', 'worker.py')], hasPython],
])('the worker in %s', (_language, command, args, isThere) => {
  it.runIf(isThere)(
    'runs what is launched, and ends when it is told to',
    { timeout: 60_000 },
    async () => {
      const { world, w, url } = shared;
      const worker = spawn(command, args, {
        env: {
          PATH: process.env.PATH,
          HEIMDALL_URL: `${url}/graphql`,
          HEIMDALL_WORKER_KEY: w.key.value,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(worker.stdout, 'data');
        const launch = (workflow: { id: string }, targetName: string, input: object) =>
          launched(world, { by: w.ada, workflow, at: w.a, more: { targetName, input } });
        const ids = [
          await launch(w.add, 'Add Up', { numbers: [1, 2, 39] }),
          await launch(w.greet, 'Greet', { name: 'Ada' }),
          await launch(w.add, 'Unheard Of', {}),
        ];
        const ended = await Promise.all(ids.map(({ id }) => untilEnded(id)));
        expect(ended.map(({ status, result }) => [status, result])).toEqual([
          ['SUCCEEDED', { sum: 42 }],
          ['SUCCEEDED', { text: 'Good day, Ada!' }],
          ['FAILED', null],
        ]);
        expect(ended[0]?.logs).toMatchObject([{ level: 'INFO', message: 'adding 3 numbers' }]);
        expect(await answeredForm({ name: 'Bo' })).toMatchObject({
          ...{ status: 'SUCCEEDED', result: { text: 'Good day, Bo!' }, trigger: 'FORM' },
          ...{ error: null, attempt: 1, form: { id: w.form.id } },
        });
      } finally {
        await stopped(worker);
      }
    },
  );
});

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The gateway's own clock is looked at, not ours: as long as the test has. */
async function untilEnded(id: string) {
  const { client } = shared.world;
  for (;;) {
    const row = await client.execution.findUniqueOrThrow({
      where: { id },
      include: { logs: true },
    });
    if (row.finishedAt !== null) return row;
    await new Promise(setImmediate);
  }
}

/** A form that is submitted, and its execution once it has ended: by what the API offers to everybody, and nothing else. */
async function answeredForm(values: object) {
  const { ada, form } = shared.w;
  const input = { form: form.id, values };
  const sent = await mutate(shared, ada.email, 'submitForm', input, 'execution { id }');
  const source = `query ($id: ID!) {
    execution(id: $id) { status result trigger finishedAt error { code } attempt form { id } }
  }`;
  for (;;) {
    const { data } = await shared.ask(ada.email, source, sent.answer.execution);
    if (data.execution.finishedAt !== null) return data.execution;
  }
}

describe.runIf(onServer)('two gateways and four workers that are killed at random', () => {
  it('lose nothing, do nothing twice, and leave nothing over', { timeout: 360_000 }, async () => {
    const { wrong, statuses, calls } = await chaos(
      ({ launched, killed, calls: { acknowledged, lost } }) =>
        launched >= 20 &&
        acknowledged >= 10 &&
        lost > 0 &&
        killed.gateways > 0 &&
        killed.workers > 0,
    );
    expect(wrong).toEqual([]);
    expect(statuses.SUCCEEDED).toBeGreaterThan(0);
    expect(statuses.DENIED).toBeGreaterThan(0);
    expect(calls.acknowledged).toBeGreaterThan(0);
  });
});
