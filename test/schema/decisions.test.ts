import {
  type GraphQLField,
  type GraphQLNamedType,
  GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { dataModel } from '../../src/data/generated-data-model.js';
import { meaningOf } from '../../src/query/meaning.js';
import { policies, schema } from '../../src/schema.js';
import { touchedBy } from './touched.js';

/** Of GraphQL itself (`__`) and of federation (`_`): neither is described nor decided here. */
const isForeign = (name: string) => name.startsWith('_');

const TYPES = Object.values(schema.getTypeMap()).filter(({ name }) => !isForeign(name));
const OBJECTS = TYPES.filter(isObjectType);
type Field = GraphQLField<unknown, unknown>;

interface Decided {
  readonly authScopes?: unknown;
}
const optionsOf = (one: GraphQLNamedType | Field) =>
  one.extensions.pothosOptions as Decided | undefined;

/** Federation's own root fields; who may ask for them is tested over HTTP (D18). */
const UNDECIDED = ['Query._entities', 'Query._service'];

/** Whether somebody decided who may see this: an empty object would let everybody. */
function isDecided(one: GraphQLNamedType | Field): boolean {
  const { authScopes } = optionsOf(one) ?? {};
  if (typeof authScopes === 'function') return true;
  return (
    typeof authScopes === 'object' && authScopes !== null && Object.keys(authScopes).length > 0
  );
}

const undecided = (types: readonly GraphQLObjectType[]) =>
  types.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => !isDecided(type) && !isDecided(field))
      .map((field) => `${type.name}.${field.name}`),
  );

describe('every field of an object', () => {
  it('has an auth decision, of its own or of its type', () => {
    expect(OBJECTS.length).toBeGreaterThan(30);
    expect(undecided(OBJECTS).filter((name) => !UNDECIDED.includes(name))).toEqual([]);
  });

  it('and one without would be told', () => {
    const Bare = new GraphQLObjectType({
      name: 'Bare',
      fields: {
        open: { type: schema.getQueryType() as GraphQLObjectType },
        empty: {
          type: schema.getQueryType() as GraphQLObjectType,
          extensions: { pothosOptions: { authScopes: {} } },
        },
      },
    });
    expect(undecided([Bare])).toEqual(['Bare.open', 'Bare.empty']);
    expect(undecided(OBJECTS)).toEqual(UNDECIDED);
  });
});

describe('descriptions', () => {
  const described: [string, string | null | undefined][] = [];
  for (const type of TYPES) {
    described.push([type.name, type.description]);
    if (isEnumType(type)) {
      for (const value of type.getValues()) {
        described.push([`${type.name}.${value.name}`, value.description]);
      }
    }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (isForeign(field.name)) continue;
        described.push([`${type.name}.${field.name}`, field.description]);
        for (const arg of 'args' in field ? field.args : []) {
          described.push([`${type.name}.${field.name}(${arg.name})`, arg.description]);
        }
      }
    }
  }

  it('are on every type, field, argument, input and enum value', () => {
    expect(described.length).toBeGreaterThan(500);
    const bare = described.filter(([, text]) => !text?.trim()).map(([name]) => name);
    expect(bare).toEqual([]);
  });

  it('begin with a capital letter or a word of the code, and end like a sentence', () => {
    const own = described.filter(([name]) => !['ID', 'Int', 'JSON', 'DateTime'].includes(name));
    expect(own.filter(([, text]) => !/^[A-Z`].*\.$|^\w+:/s.test(text ?? ''))).toEqual([]);
  });
});

const RESOURCES = OBJECTS.filter((type) =>
  type.getInterfaces().some(({ name }) => name === 'Node'),
);

const GOVERNED = RESOURCES.flatMap((type) => {
  const policy = policies.get(type.name);
  const { managed = [], sealed = [] } = policy?.fields ?? {};
  return policy === undefined ? [] : [{ model: type.name, managed, sealed, type }];
});

/** What a field shows: the columns that its resolver takes, and the relations that it follows. */
async function shownBy(model: string, field: Field): Promise<Set<string>> {
  const shown = await touchedBy(field);
  for (const [relation, one] of Object.entries(dataModel[model]?.fields ?? {})) {
    if (one.kind === 'relation' && one.from.some((key) => shown.has(key))) shown.add(relation);
  }
  const meaning = meaningOf(field.extensions)?.is;
  if (meaning !== undefined && 'relation' in meaning) shown.add(meaning.relation);
  return shown.add(field.name);
}

describe.each(GOVERNED)('the fields of $model', ({ model, managed, sealed, type }) => {
  it('that show what its policy calls managed need Manage(read), and may be null (D15)', async () => {
    const all = new Set<string>();
    for (const field of Object.values(type.getFields())) {
      const shown = await shownBy(model, field);
      const secrets = managed.filter((name) => shown.has(name));
      for (const name of secrets) all.add(name);
      const authScopes = optionsOf(field)?.authScopes;
      const scopes = typeof authScopes === 'function' ? authScopes({ id: 'an id' }) : authScopes;
      expect([field.name, scopes]).toEqual([
        field.name,
        secrets.length > 0 ? { manages: { model, row: { id: 'an id' } } } : undefined,
      ]);
      if (secrets.length > 0)
        expect([field.name, isNonNullType(field.type)]).toEqual([field.name, false]);
    }
    // What is managed is found where it is shown: else this test would see nothing.
    expect([...all].sort()).toEqual([...managed].sort());
  });

  it('show nothing that its policy seals', async () => {
    for (const field of Object.values(type.getFields())) {
      const shown = await shownBy(model, field);
      expect(sealed.filter((name) => shown.has(name))).toEqual([]);
      expect(meaningOf(field.extensions)?.reads ?? []).not.toContain('ciphertext');
    }
  });

  it('say what they read, and their resolvers take nothing else', async () => {
    const columns = dataModel[model]?.fields ?? {};
    for (const field of Object.values(type.getFields())) {
      const meaning = meaningOf(field.extensions);
      expect([field.name, meaning === undefined]).toEqual([field.name, false]);
      const taken = [...(await touchedBy(field))].filter((one) => columns[one]?.kind === 'scalar');
      const said = ['id', ...(meaning?.reads ?? [])];
      expect([field.name, taken.filter((one) => !said.includes(one))]).toEqual([field.name, []]);
      expect([field.name, said.filter((one) => columns[one]?.kind !== 'scalar')]).toEqual([
        field.name,
        [],
      ]);
    }
  });
});

it('all types of resources are governed', () => {
  expect(RESOURCES).toHaveLength(22);
  expect(GOVERNED.map(({ type }) => type)).toEqual(RESOURCES);
});
