// Prints packages/client/src/generated.ts: the types of what the client asks, from schema.graphql, and its
// texts, from packages/client/operations.graphql. With --check it writes nothing and fails if the file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  type DefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  specifiedRules,
  stripIgnoredCharacters,
  validate,
  visit,
} from 'graphql';

const OPTIONS = ['--check', '--help'];
const HELP = `Usage: npm run client:generate [-- --check]

Prints packages/client/src/generated.ts from schema.graphql and packages/client/operations.graphql.

  --check   write nothing; exit 1 if the file is not what would be printed`;
const SCHEMA = 'schema.graphql';
const ASKED = 'packages/client/operations.graphql';
const GENERATED = 'packages/client/src/generated.ts';
const NOTE = '// Printed by `npm run client:generate`. Do not edit.\n';

const isFragment = (node: DefinitionNode): node is FragmentDefinitionNode =>
  node.kind === Kind.FRAGMENT_DEFINITION;
const isOperation = (node: DefinitionNode): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;

/** The operation with the fragments that it spreads; those spread none. */
function textOf(operation: OperationDefinitionNode, fragments: FragmentDefinitionNode[]): string {
  const spread = new Set<string>();
  visit(operation, { FragmentSpread: ({ name }) => void spread.add(name.value) });
  const needed = fragments.filter(({ name }) => spread.has(name.value));
  return stripIgnoredCharacters([operation, ...needed].map(print).join('\n'));
}

async function generated(): Promise<string> {
  const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
  const document = parse(readFileSync(ASKED, 'utf8'));
  const [mistake] = validate(schema, document, specifiedRules);
  if (mistake !== undefined) throw mistake;
  const types = await codegen({
    schema: parse(readFileSync(SCHEMA, 'utf8')),
    documents: [{ location: ASKED, document }],
    filename: GENERATED,
    config: {},
    plugins: [
      {
        operations: {
          scalars: { DateTime: 'string', JSON: 'unknown', ID: 'string' },
          immutableTypes: true,
          skipTypename: true,
          enumsAsTypes: true,
          useTypeImports: true,
        },
      },
    ],
    pluginMap: { operations },
  });
  const fragments = document.definitions.filter(isFragment);
  const texts = document.definitions.filter(isOperation).map((operation) => {
    const name = operation.name?.value ?? '';
    const kind = operation.operation === 'query' ? 'Query' : 'Mutation';
    const type = `Document<${name}${kind}, ${name}${kind}Variables>`;
    return `export const ${name}: ${type} = document(${JSON.stringify(textOf(operation, fragments))});`;
  });
  return [
    NOTE,
    "import { type Document, document } from './document.js';",
    types,
    ...texts,
    '',
  ].join('\n');
}

const stored = (): string | undefined => {
  try {
    return readFileSync(GENERATED, 'utf8');
  } catch {
    return undefined;
  }
};

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 1 || (args[0] !== undefined && !OPTIONS.includes(args[0]))) {
    console.error(`unknown arguments ${args.join(' ')}; try --help`);
    return 2;
  }
  if (args[0] === '--help') {
    console.log(HELP);
    return 0;
  }
  const printed = await generated();
  if (args[0] === undefined) {
    writeFileSync(GENERATED, printed);
  } else if (stored() !== printed) {
    console.error(`${GENERATED} is stale: run npm run client:generate and commit it`);
    return 1;
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
