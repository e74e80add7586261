// Lets everything go wrong that does in the field, under load, and looks at every answer and at every row.
import { parseArgs } from 'node:util';
import { hasServers } from '../test/support/postgres.js';
import { faults } from './faults/faults.js';
import { breakGround, type Ground } from './faults/ground.js';
import { headOf, lineOf } from './faults/report.js';

const HELP = `Usage: npm run faults [-- --only <name>] [--seconds <number>] [--requests <number>]

Starts a PostgreSQL server of its own, and on it, one fault after the other, gateways under a steady load of reads and
writes of which each answer is known. Prints what came of the requests, and ends with status 1 when an answer was wrong,
a request had no coded error in its time, a gateway was not as before within 5 s, or a write that was acknowledged
is lost or one that was refused is there.

  --only <name>        one of: ${faults.map(({ name }) => name).join(', ')}
  --seconds <number>   how long a fault lasts that can last as long as one likes; 20 unless given
  --requests <number>  over how many requests memory is watched; 20000 unless given
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '20' },
      requests: { type: 'string', default: '20000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [seconds, requests] = [Number(values.seconds), Number(values.requests)];
  const chosen = faults.filter(({ name }) => values.only === undefined || name === values.only);
  const isUsable = [seconds, requests].every((one) => Number.isInteger(one) && one > 0);
  if (!isUsable || chosen.length === 0) {
    process.stderr.write(HELP);
    process.exitCode = 2;
    return;
  }
  if (!hasServers) throw new Error('there is no initdb beside pg_config');
  const ground = await breakGround();
  try {
    console.log(headOf());
    for (const fault of chosen) await runOne(fault, { ground, seconds, requests });
  } finally {
    await ground.close();
  }
}

async function runOne(
  fault: (typeof faults)[number],
  given: { readonly ground: Ground; readonly seconds: number; readonly requests: number },
): Promise<void> {
  process.stderr.write(`${fault.says}\n`);
  const measured = await fault.run(given);
  console.log(lineOf(fault, measured));
  const { tally } = measured;
  for (const one of tally.wrong) process.stderr.write(`  wrong: ${one}\n`);
  const more = tally.wrongs - tally.wrong.length;
  if (more > 0) process.stderr.write(`  and ${more} more\n`);
  if (tally.wrongs > 0) process.exitCode = 1;
}

await main();
