// Compares the gateway with the plain evaluator in many random worlds (test/conformance).
import { parseArgs } from 'node:util';
import { assertCovered } from '../test/conformance/guards.js';
import { coverageTable } from '../test/conformance/oracle/coverage.js';
import { run } from '../test/conformance/run.js';
import { freshDatabase } from '../test/support/database.js';

const HELP = `Usage: npm run conformance [-- --worlds <number>] [--seed <number>] [--path <path>]

Draws worlds, plants each, asks the gateway and compares every answer with an evaluator that is
written from the model alone. The first world that disagrees is shrunk and printed.

  --worlds <number>  how many worlds; 2000 unless given
  --seed <number>    the same seed draws the same worlds; random unless given
  --path <path>      begins where a failure said; with its seed

The embedded database is used, or a new one on TEST_DATABASE_URL's server when that is set.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      worlds: { type: 'string', default: '2000' },
      seed: { type: 'string' },
      path: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (process.env.TEST_DATABASE_URL) process.env.HEIMDALL_TEST_ON = 'server';
  const worlds = whole(values.worlds, 'worlds');
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : whole(values.seed, 'seed');
  process.stdout.write(`${worlds} worlds, seed ${seed}\n`);
  const database = await freshDatabase();
  const started = Date.now();
  try {
    await run(database, {
      worlds,
      seed,
      ...(values.path === undefined ? {} : { path: values.path }),
      onWorld: (done) => {
        const seconds = Math.round((Date.now() - started) / 1000);
        if (done % 50 === 0) process.stdout.write(`${done} worlds agree, ${seconds} s\n`);
      },
    });
    process.stdout.write(`\n${coverageTable()}\n`);
    // In fewer worlds a rare rule may well decide one way only.
    if (values.path === undefined && worlds >= 1000) assertCovered();
  } finally {
    await database.close();
  }
}

function whole(text: string, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error(`--${name} takes a whole number`);
  }
  return number;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
