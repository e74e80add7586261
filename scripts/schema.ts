// Prints the schema to schema.graphql. With --check it writes nothing and fails if the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { printSubgraphSchema } from '@apollo/subgraph';
import { lexicographicSortSchema } from 'graphql';
import { schema } from '../src/schema.js';

const FILE = 'schema.graphql';
const NOTE = '# Printed from the code by `npm run schema`. Do not edit.\n\n';

const [option, ...rest] = process.argv.slice(2);
const printed = `${NOTE}${printSubgraphSchema(lexicographicSortSchema(schema)).trim()}\n`;

if (rest.length > 0 || (option !== undefined && option !== '--check')) {
  console.error('Usage: npm run schema [-- --check]');
  process.exitCode = 2;
} else if (option === undefined) {
  writeFileSync(FILE, printed);
} else if (stored() !== printed) {
  console.error(`${FILE} is not what the code prints: run npm run schema and commit it`);
  process.exitCode = 1;
}

function stored(): string | undefined {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return undefined;
  }
}
