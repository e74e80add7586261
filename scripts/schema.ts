// Prints the schema to schema.graphql. With --check it writes nothing and fails if the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { printSubgraphSchema } from '@apollo/subgraph';
import { type NameNode, parse, print, visit } from 'graphql';
import { schema } from '../src/schema.js';

const FILE = 'schema.graphql';
const OPTIONS = ['--check', '--help'];
const HELP = `Usage: npm run schema [-- --check]

Prints the federated schema, with descriptions and sorted, to ${FILE}.

  --check   write nothing; exit 1 if ${FILE} is not what the code prints`;
const NOTE = '# Printed from the code by `npm run schema`. Do not edit.\n\n';

/** Only the order of the text changes: a member that moved in the code is no change of the API. */
function sorted(sdl: string): string {
  const fields = <T extends { readonly fields?: readonly { name: NameNode }[] }>(node: T) => ({
    ...node,
    fields: byName(node.fields),
  });
  const document = visit(parse(sdl), {
    ObjectTypeDefinition: { leave: fields },
    InterfaceTypeDefinition: { leave: fields },
    InputObjectTypeDefinition: { leave: fields },
    EnumTypeDefinition: { leave: (node) => ({ ...node, values: byName(node.values) }) },
    Document: {
      leave: (node) => ({ ...node, definitions: byName(node.definitions) }),
    },
  });
  return `${print(document)}\n`;
}

/** By code unit, the same on every machine; what has no name (the schema itself) comes first. */
function byName<T extends object>(nodes: readonly T[] = []): T[] {
  const name = (node: T & { name?: NameNode }) => node.name?.value ?? '';
  return [...nodes].sort((a, b) => Number(name(a) > name(b)) - Number(name(a) < name(b)));
}

function stored(): string | undefined {
  try {
    return readFileSync(FILE, 'utf8');
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
  const printed = NOTE + sorted(printSubgraphSchema(schema));
  if (args[0] === undefined) {
    writeFileSync(FILE, printed);
  } else if (stored() !== printed) {
    console.error(`${FILE} is not what the code prints: run npm run schema and commit it`);
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
