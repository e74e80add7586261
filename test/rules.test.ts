import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { expect, it, onTestFinished } from 'vitest';

const RULES = join(import.meta.dirname, '..', '.dependency-cruiser.cjs');

/** A house of the same rooms, in which every import is as it should be. */
const HOUSE: Files = {
  'src/main.ts': ['assemble', 'data/clients', 'demo/seed', 'env', 'http/server', 'limits/limits'],
  'src/assemble.ts': ['data/clients', 'http/server', 'identity/authenticate', 'schema'],
  'src/demo/seed.ts': ['data/clients', 'policy/vocabulary'],
  'src/http/server.ts': ['policy/principal', 'limits/limits', 'errors'],
  'src/schema.ts': ['resources/form/form', 'graphql/builder'],
  'src/identity/authenticate.ts': ['data/clients', 'limits/limits'],
  'src/resources/form/form.ts': ['graphql/builder', 'policy/principal'],
  'src/graphql/builder.ts': ['request/context', 'limits/limits'],
  'src/request/context.ts': ['data/clients', 'data/enforce/enforced', 'query/query'],
  'src/data/clients.ts': ['data/clients/postgres'],
  'src/data/clients/postgres.ts': ['data/generated/client', 'limits/limits'],
  'src/data/enforce/enforced.ts': ['query/query', 'policy/principal'],
  'src/data/generated/client.ts': [],
  'src/query/query.ts': ['policy/principal'],
  'src/policy/principal.ts': ['policy/vocabulary', 'errors'],
  'src/policy/vocabulary.ts': [],
  'src/limits/limits.ts': ['errors'],
  'src/env.ts': ['limits/limits', 'errors'],
  'src/errors.ts': [],
  'test/main.test.ts': ['data/clients', 'data/generated/client'],
  'examples/neighbour/neighbour.ts': [],
};

type Files = Readonly<Record<string, readonly string[]>>;

/** Which rules the house breaks with some files more, or others in place of its own. */
async function broken(files: Files): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heimdall-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, imports] of Object.entries({ ...HOUSE, ...files })) {
    const up = '../'.repeat(path.split('/').length - 1);
    const lines = imports.map((target) => `import '${up || './'}src/${target}.js';\n`);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${lines.join('')}export {};\n`);
  }
  const options = await extractDepcruiseOptions(RULES);
  const { output } = await cruise(['src', 'test', 'examples'], { ...options, baseDir: folder });
  const { violations } = (output as ICruiseResult).summary;
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}

it('a house as it should be breaks no rule', async () => {
  expect(await broken({})).toEqual([]);
});

it.each<[what: string, files: Files, rules: string[]]>([
  [
    'a resolver that opens the database',
    { 'src/resources/form/form.ts': ['data/clients'] },
    ['system-client-short-list: src/resources/form/form.ts → src/data/clients.ts'],
  ],
  [
    'a resolver that makes a client',
    { 'src/resources/form/form.ts': ['data/generated/client', 'data/clients/postgres'] },
    [
      'generated-client-in-data: src/resources/form/form.ts → src/data/generated/client.ts',
      'system-client-short-list: src/resources/form/form.ts → src/data/clients/postgres.ts',
    ],
  ],
  [
    'a field builder that opens the database',
    { 'src/graphql/builder.ts': ['data/clients'] },
    ['system-client-short-list: src/graphql/builder.ts → src/data/clients.ts'],
  ],
  [
    'a part of a request that opens the database and is not its context',
    { 'src/request/loaders.ts': ['data/clients'] },
    ['system-client-short-list: src/request/loaders.ts → src/data/clients.ts'],
  ],
  [
    'a policy that reads data',
    { 'src/policy/rule.ts': ['data/enforce/enforced'] },
    [
      'one-way-policy: src/policy/rule.ts → src/data/enforce/enforced.ts',
      'policy-is-pure: src/policy/rule.ts → src/data/enforce/enforced.ts',
    ],
  ],
  [
    'a policy that asks for a limit',
    { 'src/policy/rule.ts': ['limits/limits'] },
    ['policy-is-pure: src/policy/rule.ts → src/limits/limits.ts'],
  ],
  [
    'a query that knows how data are read',
    { 'src/query/guard.ts': ['data/enforce/enforced'] },
    ['one-way-query: src/query/guard.ts → src/data/enforce/enforced.ts'],
  ],
  [
    'a field builder that knows a resource',
    { 'src/graphql/fields.ts': ['resources/form/form'] },
    ['one-way-graphql: src/graphql/fields.ts → src/resources/form/form.ts'],
  ],
  [
    'a part of a request that knows fields',
    { 'src/request/loaders.ts': ['graphql/builder'] },
    ['one-way-request: src/request/loaders.ts → src/graphql/builder.ts'],
  ],
  [
    'a server that knows the demo world',
    { 'src/http/pages.ts': ['demo/seed'] },
    ['one-way-http: src/http/pages.ts → src/demo/seed.ts'],
  ],
  [
    'a limit that knows who asks',
    { 'src/limits/limits.ts': ['policy/principal'] },
    ['leaves: src/limits/limits.ts → src/policy/principal.ts'],
  ],
  [
    'a reader of the environment beside main',
    { 'src/assemble.ts': ['env'] },
    ['env-for-main: src/assemble.ts → src/env.ts'],
  ],
  [
    'an example that is no stranger to the house',
    { 'examples/neighbour/neighbour.ts': ['policy/principal'] },
    ['examples-from-outside: examples/neighbour/neighbour.ts → src/policy/principal.ts'],
  ],
  [
    'a file outside of every room',
    { 'src/helpers/text.ts': ['errors'] },
    ['every-file-in-a-room: src/helpers/text.ts → src/errors.ts'],
  ],
  [
    'one that imports nothing and is imported',
    { 'src/helpers/text.ts': [], 'src/http/server.ts': ['helpers/text'] },
    ['no-strange-room: src/http/server.ts → src/helpers/text.ts'],
  ],
])('%s is refused', async (_, files, rules) => {
  expect(await broken(files)).toEqual(rules);
});

it('no resource gets past the types of a field by a cast that fits everything', () => {
  const folder = join(import.meta.dirname, '..', 'src', 'resources');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(50);
  const casting = sources.filter((file) =>
    /\bas (never|any)\b/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(casting).toEqual([]);
});
