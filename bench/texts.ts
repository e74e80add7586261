/**
 * How many texts of statements the callers of the benchmark's world make: `npm run texts --prefix bench`. Whoever holds alike is
 * asked for by the same text, so that a connection prepares a few, whatever the number of callers.
 */
import { parseArgs } from 'node:util';
import { parse } from 'graphql';
import { openDatabase } from '../src/data/clients.js';
import { loadProved } from '../src/identity/load-principal.js';
import { createGateway } from '../src/schema.js';
import { DOCUMENTS } from './contestants/heimdall-requests.js';

const HELP = `Usage: npm run texts --prefix bench -- [--callers N] [--help]

Asks each read of the benchmark as every caller of its world on the compiled path, and prints how many
texts there are. Needs the database that npm run bench has filled (BENCH_TEXTS_URL, unless it is the usual one).
  --callers N  so many callers; 10000 unless given`;

const { values } = parseArgs({
  options: { callers: { type: 'string', default: '10000' }, help: { type: 'boolean' } },
});

const ID = '01930000-0000-7000-8000-000000000001';
const ENTITIES = [{ __typename: 'Form', id: ID }];
const VARIABLES = { id: ID, key: 'a', after: null, representations: ENTITIES };
const READS = ['Q1', 'Q2', 'Q3', 'Q4', 'Q8'] as const;

if (values.help === true) console.log(HELP);
else await count(Number(values.callers));

async function count(callers: number): Promise<void> {
  const url = process.env.BENCH_TEXTS_URL ?? 'postgres://root@127.0.0.1:5432/heimdall_bench_100000';
  const database = await openDatabase({ url, poolSize: 2 });
  const texts = new Map<string, Set<string>>(READS.map((name) => [name, new Set()]));
  let asked: string = READS[0];
  const { compiled } = database;
  const { lane } = createGateway(database.client, {
    send: (text, values) => {
      texts.get(asked)?.add(text);
      if (compiled === undefined) throw new Error('nothing can be prepared');
      return compiled(text, values);
    },
  });
  if (lane === undefined) throw new Error('there is no compiled path');
  const users = await database.sql.query<{ id: string }>(
    'SELECT id::text FROM "user" ORDER BY id LIMIT $1',
    [callers],
  );
  const documents = READS.map((name) => [name, parse(DOCUMENTS[name])] as const);
  for (const { id } of users) {
    const found = await loadProved(database.client, { userId: id });
    if (found === null) continue;
    const { principal, vector } = found;
    const caller = { principal, proof: { vector, validUntil: principal.validUntil } };
    for (const [name, document] of documents) {
      asked = name;
      const query = { document, operationName: null, variables: VARIABLES, scopeHeader: null };
      const outcome = await lane.answer(query, caller);
      if (outcome === 'elsewhere') console.log(`${name} of ${id} is not compiled`);
    }
  }
  console.log(`${users.length} callers`);
  for (const [name, made] of texts) {
    const longest = Math.max(0, ...[...made].map(({ length }) => length));
    console.log(`${name}: ${made.size} texts, the longest of ${longest} characters`);
  }
  await database.close();
}
