// Prints the schema to schema.graphql, for clients, and to schema.subgraph.graphql, for composition
// into a supergraph. With --check it writes nothing and fails if a file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { clientSchema } from '../src/command/print-schema.js';
import { subgraphSdl } from '../src/graphql/subgraph-sdl.js';
import { schema } from '../src/schema.js';

const OPTIONS = ['--check', '--help'];
const HELP = `Usage: npm run schema [-- --check]

Prints the schema, with descriptions and sorted, to two files:

  schema.graphql            for clients and their tools: plain GraphQL, without federation
  schema.subgraph.graphql   for composition: the subgraph, as _service answers it

  --check   write nothing; exit 1 if a file is not what the code prints`;
const NOTE = '# Printed from the code by `npm run schema`. Do not edit.\n';

const FILES = {
  'schema.graphql': {
    note: '# For clients and their tools; schema.subgraph.graphql is for composing a supergraph.\n\n',
    print: clientSchema,
  },
  'schema.subgraph.graphql': {
    note: '# For composing a supergraph; schema.graphql is for clients and their tools.\n\n',
    print: subgraphSdl,
  },
};

function stored(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function main(args: readonly string[]): number {
  if (args.length > 1 || (args[0] !== undefined && !OPTIONS.includes(args[0]))) {
    console.error(`unknown arguments ${args.join(' ')}; try --help`);
    return 2;
  }
  if (args[0] === '--help') {
    console.log(HELP);
    return 0;
  }
  let stale = 0;
  for (const [file, { note, print }] of Object.entries(FILES)) {
    const printed = NOTE + note + print(schema);
    if (args[0] === undefined) {
      writeFileSync(file, printed);
    } else if (stored(file) !== printed) {
      console.error(`${file} is not what the code prints: run npm run schema and commit it`);
      stale = 1;
    }
  }
  return stale;
}

process.exitCode = main(process.argv.slice(2));
