/** `npm run data` in bench: fills a database of its own for the benchmark. */
import { parseArgs } from 'node:util';
import { ensureData } from './database.js';
import { DEFAULT_ORGANIZATIONS, DEFAULT_ROWS } from './world.js';

const HELP = `Usage: npm run data -- [--rows <number>] [--organizations <number>] [--again]

Creates the database heimdall_bench_<rows> and fills it; one that is already there is left alone.

  --rows           forms and workflows together (default ${DEFAULT_ROWS}); 10k and 1M are understood
  --organizations  tenants (default ${DEFAULT_ORGANIZATIONS})
  --again          also when it is already there

  BENCH_DATABASE_URL  the server (default postgres://postgres@127.0.0.1:5432/postgres)`;

/** A whole number, or one with k or M behind it. */
export function readCount(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})([kM]?)$/.exec(text) ?? [];
  const count = Number(digits) * { '': 1, k: 1_000, M: 1_000_000 }[unit as '' | 'k' | 'M'];
  if (digits === '' || count < 1) throw new Error(`"${text}" is not a number such as 10k`);
  return count;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: String(DEFAULT_ROWS) },
      organizations: { type: 'string', default: String(DEFAULT_ORGANIZATIONS) },
      again: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const size = { rows: readCount(values.rows), organizations: readCount(values.organizations) };
  console.log(await ensureData(size, console.log, values.again));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
