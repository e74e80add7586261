import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/recipe.js';

const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const folder = folderOf('codegen');

const FORMS = `query Forms($first: Int) {
  forms(first: $first) { edges { node { id name updatedAt ...Led } } }
}`;
const LED = 'fragment Led on Form { workflow { name } }';

/** What a client writes. The compiler complains of an error that is not there, too. */
const USES = `
import type { ResultOf } from '@graphql-typed-document-node/core';
import { type FragmentType, graphql, useFragment } from './gql/index.js';
const LED = graphql(${JSON.stringify(LED)});
const FORMS = graphql(${JSON.stringify(FORMS)});
declare const page: ResultOf<typeof FORMS>;
const node = page.forms!.edges[0]!.node;
export const texts: string[] = [node.id, node.name, node.updatedAt];
const led = useFragment(LED, node);
export const ofWorkflow: string | undefined = led.workflow?.name;
export type Led = FragmentType<typeof LED>;
// @ts-expect-error A root field that fails is null.
export const edges = page.forms.edges;
// @ts-expect-error A workflow may be hidden.
export const hidden = led.workflow.name;
// @ts-expect-error It was not asked for.
export const notAsked = node.description;
`;

/** Runs the client preset as its command does. */
async function generate(): Promise<void> {
  const documents = [FORMS, LED].map((rawSDL, index) => ({
    document: parse(rawSDL),
    rawSDL,
    location: `document${index}.ts`,
  }));
  const config = {
    useTypeImports: true,
    enumsAsTypes: true,
    emitLegacyCommonJSImports: false,
    scalars: { DateTime: 'string', JSON: 'unknown' },
  };
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: join(folder, 'gql/'),
    schema: parse(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')),
    documents,
    config,
    presetConfig: { fragmentMasking: { unmaskFunctionName: 'useFragment' } },
    plugins: [],
    pluginMap: {},
    pluginContext: {},
  } as never);
  for (const section of sections) {
    const text = await codegen({ ...section, cache: undefined } as never);
    mkdirSync(dirname(section.filename), { recursive: true });
    writeFileSync(section.filename, text);
  }
}

it('graphql-codegen: the client preset makes types that compile, nullable where the schema says so', async () => {
  await generate();
  const options = {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      noEmit: true,
      skipLibCheck: true,
      types: [],
    },
    files: ['uses.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'uses.ts'), USES);
  const run = (): string => {
    try {
      return execFileSync(process.execPath, [TSC, '--pretty', 'false'], {
        cwd: folder,
        encoding: 'utf8',
      });
    } catch (error) {
      return String(error instanceof Error && 'stdout' in error ? error.stdout : error);
    }
  };
  expect(run()).toBe('');
});
