import { type GraphQLObjectType, isObjectType, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { dataModel } from '../../src/data/generated-data-model.js';
import { createColumns } from '../../src/graphql/columns.js';
import { policies, schema } from '../../src/schema.js';
import { touchedBy } from './touched.js';

const columnsOf = createColumns(dataModel, policies);

function columnsIn(source: string, model: string): string[] {
  const [operation, ...others] = parse(source).definitions;
  const fragments = Object.fromEntries(
    others.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])),
  );
  const info = { operation: operation as OperationDefinitionNode, fragments };
  return Object.keys(columnsOf(model, info).select).sort();
}

const TYPES = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && dataModel[type.name] !== undefined,
);

describe.each(TYPES.map((type) => ({ model: type.name, type })))('$model', ({ model, type }) => {
  const fields = Object.values(type.getFields());

  it.each(fields.map((field) => ({ name: field.name, field })))(
    'has what $name reads when nothing else is named',
    async ({ name, field }) => {
      const columns = dataModel[model]?.fields ?? {};
      const touched = await touchedBy(model, field);
      const read = [...touched].filter((one) => columns[one]?.kind === 'scalar');
      const loaded = columnsIn(`{ here { ${name} } }`, model);
      expect(read.filter((one) => !loaded.includes(one))).toEqual([]);
    },
  );
});

describe('the columns of a form', () => {
  it('leave out documents, times and lists that nothing shows', () => {
    const columns = columnsIn('{ forms { edges { node { id name } } } }', 'Form');
    expect(columns).toContain('accessLevel');
    for (const dear of ['fields', 'createdAt', 'updatedAt', 'governedBy', 'roleIds']) {
      expect(columns).not.toContain(dear);
    }
  });

  it('are the same under an alias and in a fragment', () => {
    expect(columnsIn('{ forms { edges { node { f: fields } } } }', 'Form')).toContain('fields');
    const inFragment = '{ forms { edges { node { ...F } } } } fragment F on Form { fields }';
    expect(columnsIn(inFragment, 'Form')).toContain('fields');
  });

  it('have what decides in memory where something is to be decided', () => {
    for (const field of ['canUse', 'accessLevel', 'owner { id }', 'roles { id }']) {
      const columns = columnsIn(`{ forms { edges { node { ${field} } } } }`, 'Form');
      expect(columns).toEqual(expect.arrayContaining(['governedBy', 'roleIds']));
    }
  });

  it('never have what the policy seals', () => {
    const source = '{ configs { edges { node { ciphertext value } } } }';
    expect(columnsIn(source, 'Config')).not.toContain('ciphertext');
  });
});
