import { buildASTSchema, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { subgraphSdl } from '../../src/graphql/subgraph-sdl.js';
import { policies, schema } from '../../src/schema.js';

const WORKERS = [
  'appendExecutionLogs',
  'claimExecutions',
  'completeExecution',
  'failExecution',
  'heartbeatExecutions',
  'releaseExecution',
];

/** The coordinates of the fields, and the names of the types, that have a directive. */
function having(sdl: string, directive: string): string[] {
  const { definitions } = parse(sdl);
  const has = (one: { readonly directives?: readonly { name: { value: string } }[] }) =>
    one.directives?.some(({ name }) => name.value === directive) === true;
  return definitions.flatMap((one) => {
    if (!('name' in one) || one.name === undefined) return [];
    const type = one.name.value;
    const fields = one.kind === 'ObjectTypeDefinition' ? (one.fields ?? []) : [];
    const found = fields.filter(has).map((field) => `${type}.${field.name.value}`);
    return 'directives' in one && has(one) ? [type, ...found] : found;
  });
}
const fieldsOf = (sdl: string, type: string) => {
  const found = buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true }).getType(
    type,
  );
  return isObjectType(found) ? Object.keys(found.getFields()) : [];
};

const plain = subgraphSdl(schema);

describe('what the subgraph says of itself', () => {
  it('leaves node and nodes out unless it is told otherwise, and nothing that others use', () => {
    expect(fieldsOf(plain, 'Query')).not.toEqual(expect.arrayContaining(['node']));
    const shown = subgraphSdl(schema, { node: true, authenticated: false });
    expect(fieldsOf(shown, 'Query')).toEqual(expect.arrayContaining(['node', 'nodes']));
    expect(fieldsOf(plain, 'Query')).toHaveLength(fieldsOf(shown, 'Query').length - 2);
    expect(fieldsOf(plain, 'Changed')).toContain('node');
  });

  it('hides what is for workers, with what nothing else leads to', () => {
    const hidden = having(plain, 'inaccessible');
    expect(hidden.filter((one) => one.startsWith('Mutation.'))).toEqual(
      WORKERS.map((name) => `Mutation.${name}`),
    );
    expect(hidden).toEqual(expect.arrayContaining(['ClaimedExecution', 'ClaimExecutionsInput']));
    expect(hidden).not.toContain('Execution');
  });

  it('tags what is for managers, as the policies have it (D15)', () => {
    const tagged = having(plain, 'tag');
    for (const [model, { fields }] of policies) {
      const shown = fieldsOf(plain, model);
      for (const name of (fields?.managed ?? []).filter((one) => shown.includes(one))) {
        expect(tagged).toContain(`${model}.${name}`);
      }
    }
    expect(tagged).toContain('Form.owner');
    expect(tagged).not.toContain('Form.name');
    expect(plain).toMatch(/createForm\([^)]*\): CreateFormPayload @tag\(name: "form\/create"\)/);
  });

  it('wants a credential of root fields of its own alone, and says so only where it is asked to', () => {
    expect(having(plain, 'authenticated')).toEqual([]);
    expect(plain).not.toContain('@authenticated');
    const told = subgraphSdl(schema, { node: true, authenticated: true });
    const wanting = having(told, 'authenticated');
    // What is shared, or another's to add to, would be hidden with it from who may read it there.
    expect(wanting.filter((one) => !/^(Query|Mutation|Subscription)\./.test(one))).toEqual([]);
    expect(wanting).not.toContain('Query.node');
    expect(wanting).toEqual(expect.arrayContaining(['Query.forms', 'Mutation.createForm']));
    // All of them, each of which is asked as nobody: d18-identity.test.ts, d05-writes.test.ts, subscriptions-sockets.test.ts.
    const own = ['Query', 'Mutation', 'Subscription'].flatMap((type) =>
      fieldsOf(told, type).flatMap((name) =>
        type === 'Query' && /^(_|nodes?$)/.test(name) ? [] : [`${type}.${name}`],
      ),
    );
    expect([...wanting].sort()).toEqual(own.sort());
  });

  it('has neither @policy nor @requiresScopes: no claim and no router decides (D18)', () => {
    const told = subgraphSdl(schema, { node: true, authenticated: true });
    expect(told).not.toMatch(/@(policy|requiresScopes)/);
  });
});
