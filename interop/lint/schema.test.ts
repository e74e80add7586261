import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as graphqlEslint from '@graphql-eslint/eslint-plugin';
import { ESLint, type Linter } from 'eslint';
import { expect, test } from 'vitest';

interface Exception {
  readonly rule: string;
  readonly message: RegExp;
  /** How often it occurs, where it may be no more. */
  readonly times?: number;
}

/**
 * The rules of graphql-eslint for schemas and for Relay, all of them as its authors recommend; and what
 * this schema does otherwise, each with its reason. An exception that is no longer needed fails.
 */
const EXCEPTIONS: readonly Exception[] = [
  // An id is of what has an identity, and that implements Node. Payloads, connections, decisions and
  // their reasons are values: an id of their own would be one that nobody can look up.
  {
    rule: 'strict-id-in-types',
    message: /must have exactly one non-nullable unique identifier/,
  },
  // Scope type is the model's word for it (D8), and not the kind of a scope in this schema.
  {
    rule: 'naming-convention',
    message: /^Type "ScopeType" should not have "Type" suffix$/,
    times: 1,
  },
  // Lists that are bounded by what they are of (reasons, findings, options) have no pages. All others
  // are connections, which the other rules for Relay look at.
  { rule: 'relay-edge-types', message: /^A list type should only wrap an edge type\.$/ },
  // RoleAssignment is a membership's holding of a role, with both and without an id of its own.
  { rule: 'relay-edge-types', message: /`node` must implement `Node` interface/, times: 1 },
];

const plugin = graphqlEslint.default ?? graphqlEslint;
const RULES = {
  ...plugin.configs['flat/schema-recommended'].rules,
  ...plugin.configs['flat/schema-relay'].rules,
};

interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly line: number;
}

async function lint(schema: string): Promise<Finding[]> {
  const eslint = new ESLint({
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      plugins: { '@graphql-eslint': plugin as unknown as ESLint.Plugin },
      languageOptions: {
        parser: plugin.parser,
        parserOptions: { graphQLConfig: { schema } },
      },
      rules: RULES as Linter.RulesRecord,
    },
  });
  const [result] = await eslint.lintText(schema, { filePath: 'schema.graphql' });
  return (result?.messages ?? []).map(({ ruleId, message, line }) => ({
    rule: (ruleId ?? 'parser').replace('@graphql-eslint/', ''),
    message: message.split('\n')[0] ?? '',
    line,
  }));
}

const isOf = ({ rule, message }: Exception, finding: Finding) =>
  rule === finding.rule && message.test(finding.message);
const notExcepted = (found: readonly Finding[]) =>
  found.filter((finding) => !EXCEPTIONS.some((one) => isOf(one, finding)));

test('the schema passes the rules for schemas and for Relay, exceptions argued', async () => {
  const schema = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  const found = await lint(schema);
  expect(notExcepted(found)).toEqual([]);
  for (const exception of EXCEPTIONS) {
    const times = found.filter((finding) => isOf(exception, finding)).length;
    if (exception.times === undefined) expect(times).toBeGreaterThan(0);
    else expect(times).toBe(exception.times);
  }
}, 60_000);

test('and would not, were it written otherwise', async () => {
  const found = await lint(`
    "Asks" type Query { forms: FormConnection "Undone" old: Int @deprecated }
    "One" type form { id: ID! }
    "Some" type FormConnection { nodes: [form!]! }
  `);
  const rules = notExcepted(found).map(({ rule }) => rule);
  expect(rules).toEqual(
    expect.arrayContaining([
      'naming-convention',
      'relay-connection-types',
      'require-deprecation-reason',
    ]),
  );
});
