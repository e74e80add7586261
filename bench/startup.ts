/** `npm run startup`: how long the built gateway takes to its first answer, and what memory it has then. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchUrl } from './data/database.js';
import { readCount } from './data/load.js';
import { circumstances, describe } from './run/machine.js';
import { table, whole } from './run/markdown.js';
import { median } from './run/medians.js';
import { measure, PLACES, REQUESTS, type Sample } from './startup/measure.js';
import { findNodes } from './startup/nodes.js';

const HELP = `Usage: npm run startup -- [options]

Builds the gateway and starts it: from the start of the process to the first answer, and the memory
that it has then and after ${REQUESTS} requests; on the embedded database and on a server, on the Node that runs
this and on Node 24. The server's database is made for it and dropped afterwards.

  --runs <number>       how often each is started (default 3)
  --json                the figures as JSON, with machine and versions
  --help

  BENCH_DATABASE_URL    the server (default postgres://postgres@127.0.0.1:5432/postgres)`;

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const runs = readCount(values.runs);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // What has been started and made is taken away on the way out.
    process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
  }
  const where = await circumstances(benchUrl('postgres'));
  progress(describe(where));
  progress('building');
  const root = fileURLToPath(new URL('..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
  const { signal } = stopping;
  const samples = await measure(findNodes(progress), runs, signal, progress).catch((error) => {
    // What was broken off fails in its own way.
    signal.throwIfAborted();
    throw error;
  });
  if (values.json) console.log(JSON.stringify({ runs, where, samples }, null, 2));
  else console.log(`${report(samples)}\n\nMedians of ${runs}; ${describe(where)}`);
}

function report(samples: readonly Sample[]): string {
  const head = ['Node', 'database', 'first answer ms', 'CPU until then ms', 'MiB then'];
  head.push(`MiB after ${REQUESTS} requests`);
  const nodes = [...new Set(samples.map(({ node }) => node))];
  const rows = nodes.flatMap((node) =>
    PLACES.map((place) => {
      const own = samples.filter((sample) => sample.node === node && sample.place === place);
      const middle = (value: (sample: Sample) => number | undefined) => {
        const found = median(own.map(value));
        return found === undefined ? '-' : whole(found);
      };
      return [
        node,
        place,
        middle(({ firstAnswerMs }) => firstAnswerMs),
        middle(({ cpuMs }) => cpuMs),
        middle(({ firstMiB }) => firstMiB),
        middle(({ lastMiB }) => lastMiB),
      ];
    }),
  );
  return table(head, rows, 2);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
