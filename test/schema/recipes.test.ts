import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  getVariableValues,
  KnownDirectivesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const client = buildSchema(read('schema.graphql'));

/** Relay's own directives, and the variables that these declare, are for its compiler. */
const RELAYS: readonly unknown[] = [
  KnownDirectivesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
];
const RULES = specifiedRules.filter((rule) => !RELAYS.includes(rule));

/** The documents of a page, however its language marks them. */
function documentsOf(page: string): DocumentNode[] {
  const marked = [/gql`(.*?)`/gs, /graphql\(`(.*?)`\)/gs, /```graphql\n(.*?)```/gs];
  return marked.flatMap((mark) => [...page.matchAll(mark)].map(([, text = '']) => parse(text)));
}

describe('issue 10, number 29: what the recipes ask for', () => {
  const documents = documentsOf(read('docs', 'clients.md'));

  it('is there for each client that has documents', () => {
    expect(documents).toHaveLength(5);
  });

  it.each(documents)('is of this schema', (document) => {
    expect(validate(client, document, RULES)).toEqual([]);
  });

  it('has no id where urql is told that there is none', () => {
    for (const name of ['Viewer', 'Principal']) {
      const type = client.getType(name);
      expect(type && 'getFields' in type && Object.keys(type.getFields())).not.toContain('id');
    }
  });
});

/** An example of a page, and the JSON that follows it at once; both may be indented. */
const EXAMPLE = /^( *)```graphql\n(.*?)^ *```\n(?:\n```json\n(.*?)```)?/gms;

/** The recipes, what is run as it is by a test of its own, and the schema of a neighbour. */
const ELSEWHERE: readonly string[] = [
  'clients.md',
  'decisions.md',
  'modelling.md',
  'federation.md',
];

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md') && !ELSEWHERE.includes(page.replace('docs/', '')));

/** What a page asks, each with the variables that stand right below it. */
const EXAMPLES = PAGES.flatMap((page) =>
  [...read(page).matchAll(EXAMPLE)].map(([, , text = '', variables]) => {
    // A field alone is shown as what it is.
    const isField = !/^(\{|query|mutation|subscription)/.test(text.trim());
    const first = text.trim().split('\n').slice(0, 2).join(' ');
    return { page, first, source: isField ? `{ ${text} }` : text, variables };
  }),
);

describe('what the pages show', () => {
  it('is there for each page that has any', () => {
    const marked = PAGES.flatMap((page) => read(page).split('```graphql').slice(1));
    expect(EXAMPLES).toHaveLength(marked.length);
    expect(new Set(EXAMPLES.map(({ page }) => page)).size).toBeGreaterThan(10);
  });

  it.each(EXAMPLES)('is of this schema: $page, $first', ({ source, variables }) => {
    const document = parse(source);
    expect(validate(client, document, specifiedRules)).toEqual([]);
    if (variables === undefined) return;
    const { variableDefinitions = [] } = document.definitions[0] as OperationDefinitionNode;
    const given = getVariableValues(client, variableDefinitions, JSON.parse(variables));
    expect(given.errors ?? []).toEqual([]);
  });
});

describe('issue 10, number 29: what docs/api.md says of descriptions', () => {
  it('is so: what federation adds, which has none, is not in schema.graphql', () => {
    expect(read('docs', 'api.md')).toContain('but for what federation adds');
    expect(read('schema.graphql')).not.toMatch(/\b_(entities|service)\b/);
  });
});
