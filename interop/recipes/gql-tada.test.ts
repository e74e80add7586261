import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GraphQLClient, gql } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import { endpoint, MIA, tokenOf } from '../support/gateway.js';
import { blocksOf, codeFor, folderOf, ROOT } from '../support/recipe.js';
import {
  BAD_CODE,
  expectTwoPages,
  HALF_BAD,
  type Page,
  WITHHELD,
  WITHHELD_FORM,
} from './support.js';

const TADA = join(ROOT, 'interop', 'node_modules', 'gql.tada', 'bin', 'cli.js');
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const folder = folderOf('gql-tada');

/** Runs a command line in the project, and answers what it prints, or why it fails. */
function run(script: string, ...args: string[]): string {
  try {
    return execFileSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return String(error instanceof Error && 'stdout' in error ? error.stdout : error);
  }
}

/** Stands after the recipe. The compiler complains of an error that is not there, too. */
const USES = `
const node = page.forms!.edges[0]!.node;
export const texts: string[] = [node.id, node.name, node.updatedAt];
export const ofWorkflow: string | undefined = node.workflow?.name;
// @ts-expect-error A root field that fails is null.
export const edges = page.forms.edges;
// @ts-expect-error A workflow may be hidden.
export const hidden = node.workflow.name;
// @ts-expect-error It was not asked for.
export const notAsked = node.description;
// @ts-expect-error There is no such field.
export const unknown = page.workflows;
// @ts-expect-error It is not even in the schema.
export const refused: ResultOf<ReturnType<typeof graphql<'{ nothing }'>>> = { nothing: 1 };
`;

describe('issue 10, number 29: the recipe for gql.tada', () => {
  it('has the types of the schema: nullable where it says so, scalars as they were told', () => {
    cpSync(join(ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
    const [config = ''] = blocksOf('gql.tada', 'json');
    writeFileSync(join(folder, 'tsconfig.json'), config);
    const recipe = blocksOf('gql.tada', 'ts').join('\n');
    writeFileSync(join(folder, 'forms.ts'), `declare const TOKEN: string;\n${recipe}${USES}`);
    rmSync(join(folder, 'graphql-env.d.ts'), { force: true });
    run(TADA, 'generate-output');
    expect(run(TSC, '--noEmit', '--skipLibCheck', '--pretty', 'false')).toBe('');
  });
});

describe('issue 10, number 29: the recipe for graphql-request', () => {
  const clientOf = async (email: string) =>
    new GraphQLClient(endpoint, {
      headers: { authorization: `Bearer ${await tokenOf(email)}` },
      errorPolicy: 'all',
    });

  it('lists a page of the document that gql.tada makes', async () => {
    const code = await codeFor(blocksOf('gql.tada', 'ts').join('\n'), MIA);
    const file = join(folder, 'run.ts');
    writeFileSync(file, `${code}\nexport { page };\n`);
    const { page } = await import(file);
    expect(page.forms.edges).toHaveLength(5);
  });

  it('lists two pages', async () => {
    const client = await clientOf(MIA);
    const FORMS = gql`
      query Forms($after: String) {
        forms(first: 5, after: $after) { pageInfo { endCursor } edges { node { id name } } }
      }
    `;
    type Answer = { readonly forms: Page & { readonly pageInfo: { readonly endCursor: string } } };
    const { forms } = await client.request<Answer>(FORMS);
    const next = await client.request<Answer>(FORMS, { after: forms.pageInfo.endCursor });
    expectTwoPages({ edges: [...forms.edges, ...next.forms.edges] });
  });

  it('reads a withheld field as null, without an error (D15)', async () => {
    const client = await clientOf(MIA);
    // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
    const { data, errors } = await client.rawRequest<any>(WITHHELD);
    expect(errors).toBeUndefined();
    expect(data.formByName).toMatchObject(WITHHELD_FORM);
  });

  it('gets the error of a bad input beside its good siblings', async () => {
    const client = await clientOf(MIA);
    const { data, errors } = await client.rawRequest(HALF_BAD);
    expect(data).toMatchObject({ viewer: { user: { email: MIA } }, formByName: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['formByName'], BAD_CODE],
    ]);
  });
});
