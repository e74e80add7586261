import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  KnownDirectivesRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const read = (...path: string[]) =>
  readFileSync(join(import.meta.dirname, '..', '..', ...path), 'utf8');
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
    expect(documents).toHaveLength(3);
  });

  it.each([...documents, ...documentsOf(read('docs', 'keys.md') + read('docs', 'secrets.md'))])(
    'is of this schema',
    (document) => {
      expect(validate(client, document, RULES)).toEqual([]);
    },
  );

  it('has no id where urql is told that there is none', () => {
    for (const name of ['Viewer', 'Principal']) {
      const type = client.getType(name);
      expect(type && 'getFields' in type && Object.keys(type.getFields())).not.toContain('id');
    }
  });
});

describe('issue 10, number 29: what docs/api.md says of descriptions', () => {
  it('is so: what federation adds, which has none, is not in schema.graphql', () => {
    expect(read('docs', 'api.md')).toContain('but for what federation adds');
    expect(read('schema.graphql')).not.toMatch(/\b_(entities|service)\b/);
  });
});
