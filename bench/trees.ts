/** `npm run trees` in bench: what a check, a list and a move cost PostgreSQL as the tree of scopes grows. */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { COMPILED, said } from '../src/data/clients/session.js';
import { ensureDatabase } from './data/database.js';
import { readCount } from './data/load.js';
import { observe, type Statement } from './growth/capture.js';
import { Explainer } from './growth/explain.js';
import { digits, table, whole } from './run/markdown.js';
import { DEPTH, MEMBERSHIPS, memberId, type Tree, treeOf } from './trees/tree.js';

const HELP = `Usage: npm run trees -- [--sizes <list>] [--again]

Fills a database for each size (heimdall_bench_trees_<scopes>) with a tree of scopes ${DEPTH} deep and a form at each
of them, and prints the statements and buffers of a check and of a list by users with ${MEMBERSHIPS.join(', ')}
memberships, and of moving a branch.

  --sizes <list>  scopes (default 1k,10k,100k,1M)
  --again         fills those that are already there as well

  BENCH_DATABASE_URL  the server (default postgres://postgres@127.0.0.1:5432/postgres)`;

const CHECK = `query ($id: ID!) {
  check(action: "update", resourceType: "form", resourceId: $id) { allowed } }`;
const LIST = '{ forms(first: 50) { edges { node { id name } } } }';
const MOVE = `mutation ($id: ID!, $parent: ID!) {
  moveScope(input: { id: $id, parent: $parent }) { scope { id } } }`;

/** What takes longer than a write may is to be counted as well. */
const PATIENCE_MS = 600_000;

interface Reading {
  readonly statements: number;
  readonly buffers: number;
}

interface Member {
  readonly memberships: number;
  readonly principal: Reading;
  readonly check: Reading;
  readonly list: Reading;
  /** The same on the compiled path: when it is asked for the first time, and from then on. */
  readonly first: Reading;
  readonly again: Reading;
}

interface Moved extends Reading {
  readonly ms: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '1k,10k,100k,1M' },
      again: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const reads: string[][] = [];
  const moves: string[][] = [];
  for (const scopes of values.sizes.split(',').map(readCount)) {
    if (scopes < 1000) throw new Error('a tree has 1,000 scopes or more');
    const tree = treeOf(scopes);
    const url = await ensureDatabase(
      tree.content,
      (line) => process.stderr.write(`${line}\n`),
      values.again,
    );
    for (const one of await readAll(url)) reads.push(readRow(scopes, one));
    moves.push(moveRow(tree, await moveBoth(url, tree)));
  }
  const head = [
    ...['scopes', 'memberships', 'principal', 'check', 'list of 50'],
    ...['compiled, when it is new', 'compiled'],
  ];
  console.log(`${table(head, reads, 2)}\n\nEach figure is statements · buffers.\n`);
  console.log(table(['scopes', 'moved', 'statements', 'buffers', 'ms'], moves, 2));
}

const readingOf = ({ statements, buffers }: Reading): string => `${statements} · ${whole(buffers)}`;

const readRow = (scopes: number, { memberships, ...read }: Member): string[] => [
  whole(scopes),
  whole(memberships),
  ...[read.principal, read.check, read.list, read.first, read.again].map(readingOf),
];

const moveRow = ({ scopes, moved }: Tree, { statements, buffers, ms }: Moved): string[] => [
  whole(scopes),
  whole(moved),
  `${statements}`,
  whole(buffers),
  digits(ms),
];

/** What users with more and more memberships cost, each as prepared and executed for the 7th time. */
async function readAll(url: string): Promise<Member[]> {
  const gateway = await observe(url);
  const explainer = await Explainer.connect(url);
  const compiled = await Explainer.connect(url, said(COMPILED));
  const read = async (statements: readonly Statement[], by = explainer): Promise<Reading> => {
    let buffers = 0;
    for (const statement of statements) buffers += (await by.cost(statement)).buffers;
    return { statements: statements.length, buffers };
  };
  const members: Member[] = [];
  try {
    for (const wished of MEMBERSHIPS) {
      const userId = memberId(wished);
      const { principal, statements } = await gateway.principal(userId);
      const [form] = await gateway.sql.query<{ id: string; held: number }>(
        `SELECT f.id::text AS id, count(*) OVER ()::int AS held
         FROM membership m JOIN form f ON f.scope_id = m.scope_id WHERE m.user_id = $1 LIMIT 1`,
        [userId],
      );
      if (form === undefined) throw new Error(`user ${userId} is a member nowhere`);
      const [check, list] = [
        await gateway.ask(principal, CHECK, { id: form.id }),
        await gateway.ask(principal, LIST, {}),
      ];
      const { first, again } = await gateway.compiled(userId, LIST);
      members.push({
        first: await read(first, compiled),
        again: await read(again, compiled),
        memberships: form.held,
        principal: await read(statements),
        check: await read(check),
        list: await read(list),
      });
    }
  } finally {
    await explainer.close();
    await compiled.close();
    await gateway.close();
  }
  return members;
}

/**
 * Moves the branch, and back again, so that the next run finds it where it was.
 *
 * @throws Error when the triggers did not put back what was filled without them
 */
async function moveBoth(url: string, tree: Tree): Promise<Moved> {
  const filled = await keptOf(url, tree);
  const quiet = await counted(url, () => move(url, tree, null));
  const there = await counted(url, () => move(url, tree, tree.to));
  await move(url, tree, tree.from);
  if ((await keptOf(url, tree)) !== filled) throw new Error('the branch came back as another one');
  return {
    statements: there.done.statements,
    ms: there.done.ms,
    // What connecting and reading who asks cost is no part of the move.
    buffers: there.buffers - quiet.buffers,
  };
}

/** What the database keeps of the branch. */
async function keptOf(url: string, { top }: Tree): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ kept: string }>(
      `SELECT md5(string_agg(row(s.id, s.path, s.inherits_from, s.home_id, s.governed_by, f.governed_by)::text, ''
         ORDER BY s.id)) AS kept
       FROM scope s JOIN form f ON f.scope_id = s.id WHERE s.path @> ARRAY[$1::uuid]`,
      [top],
    );
    return rows[0]?.kept;
  } finally {
    await client.end();
  }
}

async function move(
  url: string,
  { owner, top }: Tree,
  parent: string | null,
): Promise<Omit<Moved, 'buffers'>> {
  const gateway = await observe(url, { writeMs: PATIENCE_MS });
  try {
    const { principal } = await gateway.principal(owner);
    if (parent === null) return { statements: 0, ms: 0 };
    const start = performance.now();
    const statements = await gateway.ask(principal, MOVE, { id: top, parent });
    const ms = performance.now() - start;
    const [found] = await gateway.sql.query<{ parent: string }>(
      'SELECT parent_id::text AS parent FROM scope WHERE id = $1',
      [top],
    );
    if (found?.parent !== parent) throw new Error('the scope was not moved');
    return { statements: statements.length, ms };
  } finally {
    await gateway.close();
  }
}

/**
 * The pages that a database read meanwhile, triggers included: they are in no plan. Sessions tell when they end, and so
 * the work has to open and close its own; nothing else may use the database.
 */
async function counted<T>(
  url: string,
  work: () => Promise<T>,
): Promise<{ done: T; buffers: number }> {
  const before = await pagesRead(url);
  const done = await work();
  return { done, buffers: (await pagesRead(url)) - before };
}

/** Asked from another database, so that asking reads nothing of this one. */
async function pagesRead(url: string): Promise<number> {
  const elsewhere = new URL(url);
  const name = elsewhere.pathname.slice(1);
  elsewhere.pathname = '/postgres';
  const client = new pg.Client({ connectionString: elsewhere.href });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ pages: string; sessions: string }>(
        `SELECT blks_hit + blks_read AS pages,
           (SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend') AS sessions
         FROM pg_stat_database WHERE datname = $1`,
        [name],
      );
      const [row] = rows;
      if (row === undefined) throw new Error(`there is no database ${name}`);
      if (row.sessions === '0') return Number(row.pages);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await client.end();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
