// A worker that is to be killed: it claims at whichever gateway answers, writes down what it ran, and ends it in some way.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const { CHAOS_DATABASE = '', CHAOS_KEY = '', CHAOS_GATEWAYS = '' } = process.env;
const gateways = CHAOS_GATEWAYS.split(',');
const database = new pg.Pool({ connectionString: CHAOS_DATABASE, max: 1 });

interface Claimed {
  readonly id: string;
  readonly attempt: number;
  readonly leaseToken: string;
}

/** Whichever gateway is alive is asked, until one answers. */
async function mutate(name: string, input: object, selection: string): Promise<unknown> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
  for (let turn = Math.floor(Math.random() * gateways.length); ; turn += 1) {
    try {
      const response = await fetch(`${gateways[turn % gateways.length]}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${CHAOS_KEY}` },
        body: JSON.stringify({ query, variables: { input } }),
      });
      const { data, errors } = await response.json();
      const code = errors?.[0]?.extensions?.code;
      if (code === undefined) return data[name];
      if (code !== 'UNAVAILABLE') return null;
    } catch {
      // It was killed: the other one, or the next of its name.
    }
    await sleep(100);
  }
}

async function run({ id, attempt, leaseToken }: Claimed): Promise<void> {
  const lease = { id, leaseToken };
  const chance = Math.random();
  if (chance < 0.05) return void (await mutate('releaseExecution', lease, '{ status }'));
  await database.query('INSERT INTO chaos_run (execution_id, attempt) VALUES ($1, $2)', [
    id,
    attempt,
  ]);
  await sleep(Math.random() * 200);
  await mutate('heartbeatExecutions', { executions: [lease] }, '{ isLost }');
  await sleep(Math.random() * 200);
  if (chance < 0.2) {
    const failure = { code: 'CHANCE', message: 'it failed', retryable: true };
    await mutate('failExecution', { ...lease, ...failure }, '{ status }');
  } else await mutate('completeExecution', { ...lease, result: attempt }, '{ status }');
}

for (;;) {
  const asked = { max: 5, leaseSeconds: 15, wait: 2 };
  const claimed = await mutate('claimExecutions', asked, '{ id attempt leaseToken }');
  await Promise.all(((claimed ?? []) as Claimed[]).map(run));
}
