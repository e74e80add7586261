// Attacks the gateway as somebody would who wants to stop it, and looks at what that takes of it and of a neighbour.
import { parseArgs } from 'node:util';
import { ask } from './abuse/ask.js';
import { type Attack, attacks } from './abuse/attacks.js';
import { watchCpu } from './abuse/cpu.js';
import { type AttackedGateway, HEAP_MB, startGateway } from './abuse/gateway.js';
import { type Measured, measure } from './abuse/measure.js';

const HELP = `Usage: npm run abuse [-- --documents <number>] [--only <text>]

Starts the gateway in a process of ${HEAP_MB} MB of heap over a database of its own, floods it with documents,
sends it filters, lists and JSON that are meant to stop it, and prints for each attack how it was
answered, what the process held at most, what the database worked for each request and how long a
small question of somebody else took meanwhile. Ends with status 1 when a bound is broken: an answer that is not
the expected one, a neighbour who waits more than three times as long as before, or a process that died.

  --documents <number>  how many documents flood it; 20000 unless given
  --only <text>         attacks with this in their names

The embedded database is used, and a new one on TEST_DATABASE_URL's server besides when that is set. Requests
begin at a bounded rate, because on a small machine the generator would take the cores itself; the
neighbour's times are medians, each compared with those of the seconds right before.
`;

const SLOWER_AT_MOST = 3;
/** Below it times are the machine's, not the gateway's. */
const NOISE_MS = 5;
const MB = 1024 * 1024;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      documents: { type: 'string', default: '20000' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const documents = Number(values.documents);
  if (!Number.isInteger(documents) || documents < 1) throw new Error('--documents is a number');
  const kinds = process.env.TEST_DATABASE_URL
    ? (['embedded', 'server'] as const)
    : (['embedded'] as const);
  for (const kind of kinds) await attackOn(kind, documents, values.only);
}

async function attackOn(kind: 'embedded' | 'server', documents: number, only: string) {
  process.stderr.write(`planting the ${kind} database\n`);
  const gateway = await startGateway(kind);
  const cpu = await watchCpu(gateway.databaseUrl, gateway.pid);
  try {
    const { rss } = gateway.memory();
    console.log(`\n### ${kind} database, ${Math.round(rss / MB)} MB before\n`);
    console.log('| attack | answers | heap MB | RSS MB | database ms | neighbour ms |');
    console.log('| --- | --- | ---: | ---: | ---: | ---: |');
    for (const attack of attacks({ documents, isPage: await isPaged(gateway) })) {
      if (!attack.name.includes(only)) continue;
      process.stderr.write(`${attack.name}\n`);
      const measured = await measure(gateway, attack, cpu);
      console.log(lineOf(attack, measured));
      for (const broken of brokenBounds(gateway, attack, measured)) {
        process.exitCode = 1;
        process.stderr.write(`  broken: ${broken}\n`);
      }
      if (!gateway.isAlive()) return;
    }
  } finally {
    await cpu.end().catch(() => {});
    await gateway.stop();
  }
}

/** Whether the schema has pages within lists. */
async function isPaged({ url, tokens }: AttackedGateway): Promise<boolean> {
  const probe =
    '{ agents(first: 1) { edges { node { delegates(first: 1) { edges { cursor } } } } } }';
  return (await ask(url, tokens.many, probe)).what === '200';
}

function lineOf({ name }: Attack, measured: Measured): string {
  const { outcomes, heap, rss, databaseMs, calmMs, neighbourMs } = measured;
  const answers = [...outcomes].map(([what, count]) => `${count} × ${what}`).join(', ');
  const database = databaseMs === undefined ? '' : databaseMs.toFixed(1);
  const ratio = (neighbourMs / calmMs).toFixed(2);
  const neighbour = `${neighbourMs.toFixed(1)} (${ratio} × ${calmMs.toFixed(1)})`;
  const megabytes = `${Math.round(heap / MB)} | ${Math.round(rss / MB)}`;
  return `| ${name} | ${answers} | ${megabytes} | ${database} | ${neighbour} |`;
}

function brokenBounds(
  gateway: AttackedGateway,
  { expect }: Attack,
  { outcomes, calmMs, neighbourMs, refused }: Measured,
): string[] {
  const others = [...outcomes.keys()].filter((what) => !expect.includes(what));
  return [
    ...(gateway.isAlive() ? [] : ['the process died']),
    ...(others.length === 0 ? [] : [`answered with ${others.join(', ')}`]),
    ...(refused === 0 ? [] : [`the neighbour was refused ${refused} times`]),
    ...(neighbourMs <= Math.max(SLOWER_AT_MOST * calmMs, NOISE_MS)
      ? []
      : [`the neighbour took ${(neighbourMs / calmMs).toFixed(1)} times as long`]),
  ];
}

await main();
