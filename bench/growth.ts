/**
 * `npm run growth` in bench: what the statements that the gateway sends cost PostgreSQL, as the
 * tables grow. Counted in pages, which do not depend on what else the machine does.
 */
import { parseArgs } from 'node:util';
import { ensureData } from './data/database.js';
import { readCount } from './data/load.js';
import { DEFAULT_ORGANIZATIONS, PEOPLE, type PersonName, userId } from './data/world.js';
import { observe, type Statement } from './growth/capture.js';
import { type Cost, Explainer } from './growth/explain.js';
import { OPERATIONS } from './growth/operations.js';

const HELP = `Usage: npm run growth -- [options]

  --sizes <list>   rows of the databases to compare (default 10k,100k,1M)
  --people <list>  of ${Object.keys(PEOPLE).join(', ')} (default all)
  --partitions <n> in tables that are partitioned by organization into so many (docs/scale.md)
  --only <text>    operations whose name contains it
  --misses         only what misses a target
  --plans          also the plan of each statement in the largest database
  --generic        also what the plan costs that ignores the values
  --set <setting>  of PostgreSQL, such as enable_bitmapscan=off; may be given again
  --json           the figures as JSON`;

/** docs: performance. A page costs at most so many buffers, and over 1M rows so much of 10k. */
const MOST_BUFFERS = 250;
const MOST_GROWTH = 1.5;
const failures: string[] = [];

interface Line {
  readonly person: string;
  readonly operation: string;
  readonly statement: string;
  readonly isPage: boolean;
  readonly text: string;
  readonly costs: (Cost & { readonly size: number; readonly genericBuffers?: number })[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '10k,100k,1M' },
      people: { type: 'string' },
      partitions: { type: 'string' },
      only: { type: 'string' },
      misses: { type: 'boolean', default: false },
      plans: { type: 'boolean', default: false },
      generic: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const sizes = values.sizes.split(',').map(readCount);
  const people = (values.people?.split(',') ?? Object.keys(PEOPLE)) as PersonName[];
  const lines = new Map<string, Line>();
  for (const size of sizes) {
    await measure(size, people, values, lines);
  }
  const all = [...lines.values()];
  const shown = values.misses ? all.filter(misses) : all;
  if (values.json) {
    console.log(
      JSON.stringify(
        shown.map(({ text: _, ...line }) => line),
        dropPlans,
        2,
      ),
    );
  } else {
    print(shown, sizes);
    if (values.plans) for (const line of shown) printPlan(line);
  }
  for (const failure of failures) console.log(`failed: ${failure}`);
  process.stderr.write(`${all.filter((line) => misses(line)).length} of ${all.length} miss\n`);
}

/** One line that is written over; nothing where nobody watches. */
const progress = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
};

const dropPlans = (key: string, value: unknown): unknown => (key === 'plan' ? undefined : value);

interface Measured {
  readonly only?: string;
  readonly generic: boolean;
  readonly set: readonly string[];
  readonly partitions?: string;
}

async function measure(
  size: number,
  people: readonly PersonName[],
  { only = '', generic, set, partitions }: Measured,
  lines: Map<string, Line>,
): Promise<void> {
  const whole = { rows: size, organizations: DEFAULT_ORGANIZATIONS };
  const url = await ensureData(
    partitions === undefined ? whole : { ...whole, partitions: readCount(partitions) },
    (line) => process.stderr.write(`${line}\n`),
  );
  const gateway = await observe(url);
  const explainer = await Explainer.connect(url, set);
  const add = async (
    person: string,
    operation: string,
    isPage: boolean,
    statements: readonly Statement[],
  ) => {
    for (const [index, statement] of statements.entries()) {
      const name = `${index + 1} ${tableOf(statement.text)}`;
      const key = `${person} ${operation} ${name}`;
      const line = lines.get(key) ?? {
        person,
        operation,
        statement: name,
        isPage,
        text: statement.text,
        costs: [],
      };
      const cost = await explainer.cost(statement);
      const other = generic ? await explainer.cost(statement, 'force_generic_plan') : undefined;
      line.costs.push({
        ...cost,
        size,
        ...(other === undefined ? {} : { genericBuffers: other.buffers }),
      });
      lines.set(key, line);
    }
  };
  try {
    for (const person of people) {
      const { organization, person: number } = PEOPLE[person];
      const { principal, statements } = await gateway.principal(userId(organization, number));
      if ('principal'.includes(only)) await add(person, 'principal', false, statements);
      for (const operation of OPERATIONS) {
        if (!operation.name.includes(only)) continue;
        if (operation.people !== undefined && !operation.people.includes(person)) continue;
        const variables = await operation.variables(gateway.sql, person);
        if (variables === undefined) continue;
        progress(`${size} ${person}: ${operation.name}`);
        try {
          const asked =
            operation.isCompiled === true
              ? (await gateway.compiled(principal.userId ?? '', operation.document)).again
              : await gateway.ask(principal, operation.document, variables);
          await add(person, operation.name, operation.isPage === true, asked);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          failures.push(
            `${size} ${person}, ${operation.name}: ${message.trim().split('\n').at(-1)}`,
          );
        }
      }
    }
    progress('');
  } finally {
    await explainer.close();
    await gateway.close();
  }
}

/** The first table that a statement reads, and what it reads it for. */
function tableOf(text: string): string {
  const table = /FROM\s+(?:"public"\.)?"(\w+)"/.exec(text)?.[1] ?? '?';
  if (/COUNT\(/.test(text)) return `${table} (count)`;
  if (/"organization_id" IS NULL/.test(text)) return `${table} (global)`;
  return table;
}

/**
 * What misses a target: B more buffers than a page may have, G more growth; g where it stays within
 * those buffers: there the small table fitted into a few pages, or did not fill one of 50 rows.
 */
function verdict({ costs, isPage }: Line): string {
  const [first] = costs;
  const last = costs.at(-1);
  if (first === undefined || last === undefined) return '';
  const tooMany = isPage && last.buffers > MOST_BUFFERS ? 'B' : '';
  const growth = last.buffers <= MOST_BUFFERS ? 'g' : 'G';
  const grows = last.buffers > first.buffers * MOST_GROWTH ? growth : '';
  return tooMany + grows;
}

const misses = (line: Line): boolean => /[BG]/.test(verdict(line));

function print(lines: readonly Line[], sizes: readonly number[]): void {
  let heading = '';
  for (const line of lines) {
    if (line.person !== heading) {
      heading = line.person;
      const { holds } = PEOPLE[line.person as PersonName];
      console.log(`\n${heading} (${holds})`);
      const columns = sizes.map((size) => `${size}`.padStart(9) + 'ms'.padStart(9)).join('');
      console.log(`  ${'operation, statement'.padEnd(54)}${columns}  rows`);
    }
    const name = `${line.operation} · ${line.statement}`.padEnd(54);
    const columns = line.costs
      .map(({ buffers, ms, generic, genericBuffers }) => {
        const figure = `${buffers}${generic ? '*' : ''}${genericBuffers === undefined ? '' : `/${genericBuffers}`}`;
        return figure.padStart(9) + ms.toFixed(2).padStart(9);
      })
      .join('');
    console.log(`  ${name}${columns}${`${line.costs.at(-1)?.rows}`.padStart(6)}  ${verdict(line)}`);
  }
  console.log(
    `\nbuffers and ms of each statement, as prepared and executed for the 7th time; * the plan that
ignores the values; B: more than ${MOST_BUFFERS} buffers a page; G: the last size costs more than ${MOST_GROWTH} times the first; g: within ${MOST_BUFFERS} buffers`,
  );
}

function printPlan(line: Line): void {
  const last = line.costs.at(-1);
  console.log(
    `\n--- ${line.person}, ${line.operation} · ${line.statement}\n${line.text}\n\n${last?.plan}`,
  );
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
