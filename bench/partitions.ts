/**
 * `npm run partitions` in bench: what a billion rows of a hundred thousand organizations would be, on so many nodes. The rows are not made:
 * their sizes and the pages of their indexes are measured in a database that is partitioned by organization, and the organizations drawn.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { PARTITIONED } from '../scripts/partition/by-organization.js';
import { ensureData } from './data/database.js';
import { readCount } from './data/load.js';
import { DEFAULT_ORGANIZATIONS } from './data/world.js';
import { draw, spread } from './partitions/draw.js';

const HELP = `Usage: npm run partitions -- [options]

  --rows <number>           forms and workflows together, half each (default 1000M)
  --organizations <number>  (default 100k)
  --measured <number>       rows of the database that is measured (default 100k)
  --partitions <number>     into which its tables are divided (default 4)
  --seed <number>           of the organizations that are drawn (default 1)`;

/** Of the logarithm of an organization's rows: the largest hundredth of them then has over a fifth of all. */
const SIGMA = 1.5;
const SHARDS = [32, 64, 128, 256] as const;
const NODES = [4, 8, 16, 32] as const;
const GB = 1e9;

/** What a row of a table takes, measured. */
interface Measured {
  readonly table: string;
  readonly rows: number;
  readonly heapBytes: number;
  readonly indexBytes: number;
}

/** All partitions of a table together. */
const SIZES = `
  SELECT parent.relname AS table, sum(part.reltuples)::float AS rows,
    sum(pg_relation_size(part.oid))::float AS heap, sum(pg_indexes_size(part.oid))::float AS indexes
  FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class part ON part.oid = inhrelid
  WHERE parent.relkind = 'p' AND parent.relname = ANY ($1) GROUP BY 1 HAVING sum(part.reltuples) > 0 ORDER BY 1`;

/** Rows that a page of the index has by which lists are read. */
const FANOUT = `
  SELECT sum(reltuples)::float / sum(relpages) AS fanout FROM pg_class
  WHERE relname = 'form_organization_id_name_id_idx' AND relkind = 'i'`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000M' },
      organizations: { type: 'string', default: '100k' },
      measured: { type: 'string', default: '100k' },
      partitions: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const [rows, organizations] = [readCount(values.rows), readCount(values.organizations)];
  const size = {
    rows: readCount(values.measured),
    organizations: DEFAULT_ORGANIZATIONS,
    partitions: readCount(values.partitions),
  };
  const url = await ensureData(size, (line) => process.stderr.write(`${line}\n`));
  const { tables, fanout } = await measure(url);
  printTables(tables);
  printLevels(rows, fanout);
  const bytes = bytesPerRow(tables) * rows;
  console.log(`\n${rows} rows of forms and workflows, and what goes with them: ${gb(bytes)}`);
  printSpread(draw({ rows, organizations, sigma: SIGMA, seed: Number(values.seed) }), bytes / rows);
}

async function measure(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const sizes = await client.query<{
      table: string;
      rows: number;
      heap: number;
      indexes: number;
    }>(SIZES, [[...PARTITIONED]]);
    const [found] = (await client.query<{ fanout: number }>(FANOUT)).rows;
    const tables: Measured[] = sizes.rows.map(({ table, rows, heap, indexes }) => ({
      ...{ table, rows },
      heapBytes: heap / rows,
      indexBytes: indexes / rows,
    }));
    return { tables, fanout: found?.fanout ?? 1 };
  } finally {
    await client.end();
  }
}

/** Of a row of forms or workflows, with its share of everything else that is partitioned. */
function bytesPerRow(tables: readonly Measured[]): number {
  const total = (of: readonly Measured[], what: (one: Measured) => number) =>
    of.reduce((sum, one) => sum + what(one), 0);
  const counted = tables.filter(({ table }) => table === 'form' || table === 'workflow');
  const bytes = total(tables, (one) => one.rows * (one.heapBytes + one.indexBytes));
  return bytes / total(counted, ({ rows }) => rows);
}

function printTables(tables: readonly Measured[]): void {
  console.log('| table | rows | bytes of a row | of its indexes |\n| --- | ---: | ---: | ---: |');
  for (const { table, rows, heapBytes, indexBytes } of tables) {
    console.log(`| ${table} | ${rows} | ${Math.round(heapBytes)} | ${Math.round(indexBytes)} |`);
  }
}

/** Levels of an index, of which a descent reads one page each. */
const levels = (rows: number, fanout: number): number =>
  Math.max(1, Math.ceil(Math.log(rows) / Math.log(fanout)));

function printLevels(rows: number, fanout: number): void {
  console.log(`\n${Math.round(fanout)} entries a page of the index by organization and name\n`);
  console.log('| half the rows in | of each | levels of that index |\n| --- | ---: | ---: |');
  for (const parts of [1, ...SHARDS]) {
    const each = Math.round(rows / 2 / parts);
    console.log(`| ${parts} | ${each} | ${levels(each, fanout)} |`);
  }
}

function printSpread(organizations: Float64Array, bytesOfRow: number): void {
  const sorted = Float64Array.from(organizations).sort();
  const all = sorted.reduce((sum, one) => sum + one, 0);
  const of = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  console.log(
    `\nrows of an organization: median ${of(0.5)}, 99th percentile ${of(0.99)}, largest ${of(1)} (${percent(of(1) / all)} of all)\n`,
  );
  console.log(
    '| shards | nodes | largest shard ÷ mean | largest node ÷ mean | a node at most |\n| ---: | ---: | ---: | ---: | ---: |',
  );
  for (const [nth, shards] of SHARDS.entries()) {
    const nodes = NODES[nth] ?? 1;
    const { largestShard, largestNode } = spread(organizations, shards, nodes);
    const [shard, node] = [largestShard / (all / shards), largestNode / (all / nodes)];
    console.log(
      `| ${shards} | ${nodes} | ${shard.toFixed(2)} | ${node.toFixed(2)} | ${gb(largestNode * bytesOfRow)} |`,
    );
  }
}

const gb = (bytes: number): string => `${Math.round(bytes / GB)} GB`;
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
