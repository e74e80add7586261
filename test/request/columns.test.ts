import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/query/meaning.js';
import { columnsOf } from '../../src/request/columns.js';
import { schema } from '../../src/schema.js';

function columnsIn(source: string, model: string, variableValues: object = {}): string[] {
  return columnsOfParsed(parse(source), model, variableValues);
}

function columnsOfParsed(
  { definitions }: DocumentNode,
  model: string,
  variableValues: object,
): string[] {
  const [operation, ...others] = definitions;
  const fragments = Object.fromEntries(
    others.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])),
  );
  const info = {
    operation: operation as OperationDefinitionNode,
    fragments,
    schema,
    variableValues: variableValues as Record<string, unknown>,
  };
  return [...columnsOf(model, info)];
}

const node = schema.getType('Node');
if (!isInterfaceType(node)) throw new Error('the schema has no Node');

function selected(field: GraphQLField<unknown, unknown>): string {
  return isCompositeType(getNamedType(field.type)) ? `${field.name} { __typename }` : field.name;
}

describe.each(schema.getPossibleTypes(node).map((type) => ({ model: type.name, type })))(
  'a $model',
  ({ model, type }: { model: string; type: GraphQLObjectType }) => {
    const fields = Object.values(type.getFields());

    it.each(fields.map((field) => ({ name: field.name, field })))(
      'is read with what $name reads, and with nothing else',
      ({ field }) => {
        const columns = columnsIn(
          `{ node(id: "x") { ... on ${model} { ${selected(field)} } } }`,
          model,
        );
        const wanted = new Set(['id', ...(meaningOf(field.extensions)?.reads ?? [])]);
        // Its own kind may be where the field leads, and be sorted there.
        if (getNamedType(field.type).name === model) {
          for (const one of meaningOf(field.extensions)?.readsThere ?? []) wanted.add(one);
        }
        expect(columns).toEqual([...wanted].sort());
      },
    );

    it('is read by its id alone where nothing is selected of it', () => {
      expect(columnsIn(`{ node(id: "x") { ... on ${model} { __typename } } }`, model)).toEqual([
        'id',
      ]);
    });
  },
);

describe('the columns of a form', () => {
  const list = (fields: string) => `{ forms { edges { node { ${fields} } } } }`;

  it('are those of the fields that are selected', () => {
    expect(columnsIn(list('id'), 'Form')).toEqual(['id']);
    expect(columnsIn(list('name workflow { id }'), 'Form')).toEqual(['id', 'name', 'workflowId']);
    expect(columnsIn(list('name workflow { id }'), 'Workflow')).toEqual(['id']);
  });

  it('are the same under an alias and in fragments', () => {
    expect(columnsIn(list('f: fields'), 'Form')).toEqual(['fields', 'id']);
    const spread = `${list('...F')} fragment F on Form { ...G } fragment G on Form { fields }`;
    expect(columnsIn(spread, 'Form')).toEqual(['fields', 'id']);
    expect(columnsIn('{ node(id: "x") { id ...F } } fragment F on Form { name }', 'Form')).toEqual([
      'id',
      'name',
    ]);
  });

  it('are not those of another type with a field of that name', () => {
    expect(columnsIn('{ forms { edges { node { scope { name } } } } }', 'Form')).toEqual([
      'id',
      'scopeId',
    ]);
  });

  it('leave out what the request leaves out', () => {
    const source = `query ($with: Boolean!) ${list('name fields @include(if: $with)')}`;
    expect(columnsIn(source, 'Form', { with: true })).toEqual(['fields', 'id', 'name']);
    expect(columnsIn(source, 'Form', { with: false })).toEqual(['id', 'name']);
    expect(columnsIn(list('name @skip(if: true)'), 'Form')).toEqual(['id']);
    // One that is sent again and again is parsed once.
    const sent = parse(source);
    for (const [variables, columns] of [
      [{ with: false }, ['id', 'name']],
      [{ with: true }, ['fields', 'id', 'name']],
      [{ with: false }, ['id', 'name']],
    ] as const) {
      expect(columnsOfParsed(sent, 'Form', variables)).toEqual(columns);
    }
  });

  it('have what decides in memory where something is to be decided', () => {
    for (const field of ['canUse', 'accessLevel', 'owner { id }', 'roles { id }']) {
      expect(columnsIn(list(field), 'Form')).toEqual(expect.arrayContaining(['governedBy']));
    }
    expect(columnsIn(list('canUse'), 'Form')).toEqual(
      ['accessLevel', 'governedBy', 'id', 'isActive', 'organizationId', 'roleIds'].sort(),
    );
    const ofManagers = ['createdById', 'governedBy', 'id', 'name', 'organizationId', 'ownerId'];
    expect(columnsIn(list('owner { id }'), 'Form')).toEqual([...ofManagers, 'teamId']);
  });

  it('never have what the policy seals', () => {
    const source = '{ configs { edges { node { ciphertext value } } } }';
    expect(columnsIn(source, 'Config')).toEqual(['id', 'type', 'value']);
  });
});

it('rows that are sorted by their names are read with them', () => {
  const kept = '{ agents { edges { node { roles { id } } } } }';
  expect(columnsIn(kept, 'Role')).toEqual(['id', 'name']);
});

it('the rows of a page are read with what is asked of them there', () => {
  const page = 'tools { edges { node { parameters } } }';
  const source = `{ agents { edges { node { ${page} } } } }`;
  expect(columnsIn(source, 'Workflow')).toEqual(['id', 'parameters']);
});
