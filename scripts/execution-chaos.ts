// Kills gateways and workers at random while executions are launched, and counts what became of everything.
import { parseArgs } from 'node:util';
import { chaos } from './chaos/chaos.js';

const HELP = `Usage: TEST_DATABASE_URL=postgres://… npm run execution:chaos [-- --seconds <number>]

Two gateways and four workers over a database of its own on that server are killed (kill -9) at random while executions are
launched, most of them over the API, with a key by which what has no answer is sent again; afterwards it is waited until nothing
is under way. Prints what came of them, and ends with status 1 when one was lost, launched twice, ran more often than it may, or
is left over, or when why one was denied is told to others than inspectors.

  --seconds <number>  how long executions are launched; 120 unless given
`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
if (values.help) process.stdout.write(HELP);
else if (!process.env.TEST_DATABASE_URL || !Number.isInteger(seconds) || seconds < 1) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  process.env.HEIMDALL_TEST_ON = 'server';
  const { wrong, ...counted } = await chaos(({ elapsed }) => elapsed >= seconds * 1_000);
  process.stdout.write(`${JSON.stringify(counted, null, 2)}\n`);
  for (const one of wrong) process.stderr.write(`${one}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}
