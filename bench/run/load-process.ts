/**
 * Drives contestants, in a process of its own so that the load generator's work is nobody else's.
 * Takes one job at a time; what it tells of is counted in a window that opens after the load has
 * started and closes before it ends, so that requests under way at both ends make up for each other.
 */
import autocannon from 'autocannon';
import { filler } from './fill.js';
import type { Job, Report } from './load.js';

/** For whoever counts to look who there is to be counted. */
const SETTLE_MS = 150;

const send = (report: Report): void => void process.send?.(report);

process.on('message', (job: Job) => {
  run(job).catch((error: unknown) => {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  });
});
process.on('disconnect', () => process.exit());

async function run(job: Job): Promise<void> {
  let latencies: number[] = [];
  let refused = 0;
  let mismatched = 0;
  let errors = 0;
  const fill = filler(job.body, job.targets);
  const isFixed = fill() === job.body;
  const options: autocannon.Options = {
    url: job.url,
    method: 'POST',
    body: job.body,
    // To build a request costs the load generator something: only where it has to.
    ...(isFixed
      ? {}
      : { requests: [{ setupRequest: (request: object) => ({ ...request, body: fill() }) }] }),
    headers: { ...job.headers },
    connections: job.connections,
    // Ended by the window.
    duration: job.rampMs / 1000 + job.seconds + 60,
    sampleInt: 100,
    verifyBody: (body) => {
      const isRight = Buffer.byteLength(String(body)) === job.expectedLength;
      if (!isRight) mismatched += 1;
      return isRight;
    },
  };
  // Without a callback it would answer a promise and no emitter.
  const instance = autocannon(options, () => {});
  instance.on('response', (_client, status, _bytes, milliseconds) => {
    latencies.push(milliseconds);
    if (status !== 200) refused += 1;
  });
  instance.on('reqError', () => {
    errors += 1;
  });
  await delay(job.rampMs);
  send({ kind: 'ramped' });
  await delay(SETTLE_MS);
  latencies = [];
  const opened = performance.now();
  send({ kind: 'opened' });
  await delay(job.seconds * 1000);
  const milliseconds = performance.now() - opened;
  const counted = latencies;
  send({ kind: 'closed' });
  const ended = new Promise((resolve) => instance.once('done', resolve));
  instance.stop();
  await ended;
  counted.sort((a, b) => a - b);
  const percentile = (share: number) => counted[Math.floor(share * (counted.length - 1))] ?? 0;
  send({
    kind: 'done',
    outcome: {
      requests: counted.length,
      milliseconds,
      p50: percentile(0.5),
      p99: percentile(0.99),
      refused,
      mismatched,
      errors,
    },
  });
}

const delay = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
