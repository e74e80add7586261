import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type VariableNode,
} from 'graphql';
import { NotWrittenError } from '../data/sql/filter.js';
import { readPage } from '../graphql/connection.js';
import { text } from '../graphql/filter-operands.js';
import { filterOf, type ListArgs, orderOf } from '../graphql/list.js';
import { naturalKeyOf } from '../graphql/natural-key.js';
import type { PlaceArgs } from '../graphql/place-args.js';
import { type Reference, referenceOf } from '../graphql/reference.js';
import { toMany } from '../graphql/related-pages.js';
import type { Limited } from '../limits/limits.js';
import { isUuid } from '../policy/pattern.js';
import { type Meaning, meaningOf } from '../query/meaning.js';
import type { KeyValue } from '../query/query.js';
import type { KeyColumns } from '../request/loaders.js';
import { type Asked, collect } from './collect.js';
import type {
  ConnectionField,
  EdgeField,
  FieldPlan,
  Input,
  ListPlan,
  ObjectPlan,
  PageInfoField,
  Plan,
  RootPlan,
  ToldField,
  Written,
} from './plan.js';

type Type = GraphQLObjectType;
type Field = GraphQLField<unknown, unknown>;

/**
 * The plan of a query. Throws {@link NotWrittenError} on what is answered by the other path, and whatever that path
 * would say of bad arguments.
 */
export function makePlan(operation: OperationDefinitionNode, asked: Asked, request: Limited): Plan {
  const query = asked.schema.getQueryType();
  if (!query || operation.operation !== 'query') throw new NotWrittenError('no query');
  return new Planner(asked, request).plan(query, operation);
}

class Planner {
  readonly #asked: Asked;
  readonly #request: Limited;
  readonly #inputs = new Map<string, Input>();
  readonly #open = new Set<VariableNode>();

  constructor(asked: Asked, request: Limited) {
    this.#asked = asked;
    this.#request = request;
  }

  plan(query: Type, operation: OperationDefinitionNode): Plan {
    const roots = this.#each(query, [operation], (key, field, nodes) =>
      this.#root(key, field, nodes),
    );
    return { roots, inputs: this.#inputs, open: this.#open };
  }

  /** What is made of each field of an object; `__typename` is the same of all. */
  #each<T extends { readonly key: string }>(
    type: Type,
    nodes: readonly Pick<FieldNode, 'selectionSet'>[],
    make: (key: string, field: Field, nodes: readonly FieldNode[]) => T,
  ): (T | { readonly key: string; readonly is: 'typename'; readonly name: string })[] {
    const collected = collect(
      this.#asked,
      type,
      nodes.map(({ selectionSet }) => selectionSet),
    );
    return [...collected].map(([key, found]) => {
      const name = found[0]?.name.value ?? '';
      if (name === '__typename') return { key, is: 'typename' as const, name: type.name };
      const field = type.getFields()[name];
      if (field === undefined) throw new NotWrittenError(`${type.name}.${name}`);
      return make(key, field, found);
    });
  }

  #root(key: string, field: Field, nodes: readonly FieldNode[]): RootPlan {
    // The one field that a library defines.
    if (field.name === '_entities') return this.#entities(key, field, nodes);
    const { is } = this.#meaning('Query', field);
    const args = this.#arguments(field, nodes);
    switch (is?.kind) {
      case 'row': {
        const id = this.#input(nodes, 'id', args.id, idOf);
        return { key, is: 'row', id, of: this.#object(objectOf(field), nodes) };
      }
      case 'named': {
        const { column, within } = is;
        const value = this.#input(nodes, column, args[column], text);
        const of = this.#object(objectOf(field), nodes);
        return { key, is: 'named', at: args as PlaceArgs, within, column, value, of };
      }
      case 'node': {
        const id = this.#input(nodes, 'id', args.id, idOf);
        return { key, is: 'node', id, of: this.#any(field, nodes) };
      }
      case 'nodes': {
        const { nodeIds } = this.#request.limits;
        const ids = this.#input(nodes, 'ids', args.ids, (value) => idsOf(value, nodeIds));
        return { key, is: 'nodes', ids, of: this.#any(field, nodes) };
      }
      case 'principal':
        return { key, is: 'principal', fields: this.#told(field, nodes) };
      case 'list': {
        const list = this.#list(is.model, objectOf(field), args as ListArgs, nodes);
        const usable = args.usable === true;
        return { key, is: 'list', at: args as PlaceArgs, model: is.model, usable, list };
      }
      default:
        throw new NotWrittenError(`Query.${field.name}`);
    }
  }

  #entities(key: string, field: Field, nodes: readonly FieldNode[]): RootPlan {
    const { representations } = this.#arguments(field, nodes);
    const known = new Set(this.#typesOf(field).map(({ name }) => name));
    const keys = new Map<string, KeyColumns>();
    for (const type of known) {
      const columns = naturalKeyOf(type);
      if (columns !== undefined) keys.set(type, columns);
    }
    const most = this.#request.limits.representations;
    const each = (value: unknown, read: (one: object) => unknown): unknown[] => {
      const all = value as readonly unknown[];
      if (all.length > most) throw new NotWrittenError('too many representations');
      return all.map((one) => {
        if (typeof one !== 'object' || one === null) throw new NotWrittenError('no representation');
        return read(one);
      });
    };
    const types = this.#input(nodes, 'representations', representations, (value) =>
      each(value, (one) => {
        const type: unknown = Reflect.get(one, '__typename');
        if (typeof type !== 'string' || !known.has(type)) throw new NotWrittenError('no entity');
        return type;
      }),
    );
    const references = (part: (one: Reference) => string | null): string =>
      this.#input(nodes, 'representations', representations, (value) =>
        each(value, (one) => {
          const reference = referenceOf(one, keys.get(String(Reflect.get(one, '__typename'))));
          return reference === null ? null : part(reference);
        }),
      );
    const ids = references((one) => (one.by === 'id' ? one.id : null));
    const named = {
      keys,
      of: references((one) => (one.by === 'key' ? one.of : null)),
      texts: references((one) => (one.by === 'key' ? one.text : null)),
    };
    return { key, is: 'entities', types, ids, named, of: this.#any(field, nodes) };
  }

  /** What is shown of a row of whichever type. */
  #any(field: Field, nodes: readonly FieldNode[]): ObjectPlan[] {
    return this.#typesOf(field).map((type) => this.#object(type, nodes));
  }

  #typesOf(field: Field): readonly Type[] {
    const type = getNamedType(field.type);
    if (!isAbstractType(type)) throw new NotWrittenError(field.name);
    return this.#asked.schema.getPossibleTypes(type);
  }

  #told(of: Field, nodes: readonly FieldNode[]): ToldField[] {
    const type = objectOf(of);
    return this.#each(type, nodes, (key, field, found): ToldField => {
      const { is } = this.#meaning(type.name, field);
      switch (is?.kind) {
        case 'principal':
          return { key, is: 'principal', fields: this.#told(field, found) };
        case 'told': {
          const args = this.#arguments(field, found);
          return { key, is: 'told', tell: (principal) => is.tell(principal, args) };
        }
        case 'oneself': {
          const row = this.#object(objectOf(field), found);
          return { key, is: 'oneself', isTold: isWithin(row, is.columns), of: row };
        }
        default:
          throw new NotWrittenError(`${type.name}.${field.name}`);
      }
    });
  }

  #object(type: Type, nodes: readonly FieldNode[]): ObjectPlan {
    const model = type.name;
    const fields = this.#each(type, nodes, (key, field, found) =>
      this.#field(key, type, field, found),
    );
    return { model, fields };
  }

  #field(key: string, type: Type, field: Field, nodes: readonly FieldNode[]): FieldPlan {
    const model = type.name;
    const { name } = field;
    const { is, readsThere = [] } = this.#meaning(model, field);
    // Of an interface, which the type has the field of.
    if (name === 'id') {
      return { key, is: 'column', name, column: 'id', written: { as: 'id' }, managed: false };
    }
    switch (is?.kind) {
      case 'column': {
        const { column, managed, unless, otherwise } = is;
        const written = writtenOf(field, otherwise);
        return { key, is: 'column', name, column, written, managed, ...(unless && { unless }) };
      }
      case 'chosen': {
        const { of, otherwise, managed } = is;
        return { key, is: 'chosen', name, of, otherwise, written: writtenOf(field), managed };
      }
      case 'part': {
        const { missing, managed } = is;
        const part = objectOf(field);
        const of = { ...this.#object(part, nodes), model };
        return { key, is: 'part', name, type: part.name, missing, managed, of };
      }
      case 'root':
        return { key, is: 'root', of: this.#object(objectOf(field), nodes) };
      case 'says':
        return { key, is: 'says', word: is.word };
      case 'permitted':
        return { key, is: 'permitted', action: is.action };
      case 'ended':
        return { key, is: 'ended', column: is.column };
      case 'called':
        return { key, is: 'called', of: is.of };
      case 'shadowed':
        return { key, is: 'shadowed' };
      case 'shadowedBy':
        return { key, is: 'shadowedBy', of: this.#object(objectOf(field), nodes) };
      case 'ids': {
        const { column, from } = is;
        return { key, is: 'ids', column, from, of: this.#object(objectOf(field), nodes) };
      }
      case 'one': {
        const { relation, managed } = is;
        return {
          key,
          is: 'one',
          name,
          relation,
          managed,
          of: this.#object(objectOf(field), nodes),
        };
      }
      case 'many': {
        const { relation, far, kept, managed } = is;
        const path = toMany(model, relation, far);
        if (kept !== undefined) {
          const of = this.#object(objectOf(field), nodes);
          return { key, is: 'kept', name, column: kept, by: readsThere[0], managed, of };
        }
        const args = this.#arguments(field, nodes) as ListArgs;
        const list = this.#list(path.target, objectOf(field), args, nodes);
        return { key, is: 'page', name, relation: path, managed, list };
      }
      default:
        throw new NotWrittenError(`${model}.${name}`);
    }
  }

  #list(model: string, type: Type, args: ListArgs, nodes: readonly FieldNode[]): ListPlan {
    const keys = orderOf(model).toKeys(args.orderBy);
    const asked = readPage(args, keys, this.#request.limits);
    const { where } = filterOf(model, args.where, this.#request);
    const { order, backwards, size, beyond } = asked;
    for (const argument of ['after', 'before']) this.#leaveOpen(nodes, argument);
    return {
      where,
      order,
      keys,
      backwards,
      size,
      beyond: beyond && this.#cursor(beyond, args, keys, nodes, backwards ? 'before' : 'after'),
      fields: this.#each(type, nodes, (key, field, found) => this.#connection(key, field, found)),
    };
  }

  #cursor(
    values: readonly KeyValue[],
    args: ListArgs,
    keys: Parameters<typeof readPage>[1],
    nodes: readonly FieldNode[],
    argument: 'after' | 'before',
  ): NonNullable<ListPlan['beyond']> {
    const missing = values.map((value) => value === null);
    const { limits } = this.#request;
    const name = this.#input(nodes, argument, args[argument], (cursor) => {
      const { beyond } = readPage({ after: cursor as string }, keys, limits);
      if (beyond === undefined) throw new NotWrittenError('the cursor is another');
      const isSame = beyond.every((value, index) => (value === null) === missing[index]);
      if (!isSame) throw new NotWrittenError('the cursor lacks other values');
      return beyond;
    });
    return { missing, name };
  }

  #connection(key: string, field: Field, nodes: readonly FieldNode[]): ConnectionField {
    switch (field.name) {
      case 'edges':
        return { key, is: 'edges', fields: this.#each(objectOf(field), nodes, this.#edge) };
      case 'pageInfo':
        return { key, is: 'pageInfo', fields: this.#each(objectOf(field), nodes, pageInfo) };
      case 'totalCount':
        return { key, is: 'totalCount' };
      default:
        throw new NotWrittenError(field.name);
    }
  }

  readonly #edge = (key: string, field: Field, nodes: readonly FieldNode[]): EdgeField => {
    if (field.name === 'cursor') return { key, is: 'cursor' };
    if (field.name !== 'node') throw new NotWrittenError(field.name);
    return { key, is: 'node', of: this.#object(objectOf(field), nodes) };
  };

  /** A field that says nothing of itself is read by nobody but its resolver. */
  #meaning(type: string, field: Field): Meaning {
    const meaning = meaningOf(field.extensions);
    if (meaning === undefined) throw new NotWrittenError(`${type}.${field.name}`);
    return meaning;
  }

  #arguments(field: Field, [node]: readonly FieldNode[]): Readonly<Record<string, unknown>> {
    if (node === undefined) throw new NotWrittenError(field.name);
    return getArgumentValues(field, node, this.#asked.variables);
  }

  /** The variable that an argument is said by, if it is: another value of it needs no other text. */
  #leaveOpen([node]: readonly FieldNode[], argument: string): VariableNode | undefined {
    const said = node?.arguments?.find(({ name }) => name.value === argument);
    const variable = variableOf(said);
    if (variable !== undefined) this.#open.add(variable);
    return variable;
  }

  #input(
    nodes: readonly FieldNode[],
    argument: string,
    value: unknown,
    read: (value: unknown) => unknown,
  ): string {
    const variable = this.#leaveOpen(nodes, argument);
    const name = `i${this.#inputs.size}`;
    const kept = read(value);
    // INVARIANT: what is kept holds on to no part of the document.
    this.#inputs.set(name, inputOf(kept, variable?.name.value, read));
    return name;
  }
}

/** Malformed, absent and hidden are the same (D14). */
const idOf = (value: unknown): string | null => (isUuid(value) ? value.toLowerCase() : null);

function idsOf(value: unknown, most: number): unknown[] {
  const ids = value as readonly unknown[];
  if (ids.length > most) throw new NotWrittenError('too many ids');
  return ids.map(idOf);
}

/** Whether an object shows these columns alone, to everybody. */
const isWithin = ({ fields }: ObjectPlan, columns: readonly string[]): boolean =>
  fields.every(
    (field) =>
      field.is === 'typename' ||
      (field.is === 'column' && !field.managed && columns.includes(field.column)),
  );

function inputOf(
  value: unknown,
  variable: string | undefined,
  read: (value: unknown) => unknown,
): Input {
  return variable === undefined ? () => value : (values) => read(values[variable]);
}

function variableOf(argument: ArgumentNode | undefined): VariableNode | undefined {
  return argument?.value.kind === 'Variable' ? argument.value : undefined;
}

const pageInfo = (key: string, { name }: Field): PageInfoField => {
  switch (name) {
    case 'hasNextPage':
    case 'hasPreviousPage':
    case 'startCursor':
    case 'endCursor':
      return { key, is: name };
    default:
      throw new NotWrittenError(name);
  }
};

/** The type that a field leads to, whether to one or to many. Throws {@link NotWrittenError} on an abstract one. */
function objectOf(field: Field): Type {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) throw new NotWrittenError(field.name);
  return type;
}

const KINDS: Readonly<Record<string, 'text' | 'id' | 'number' | 'boolean' | 'date' | 'json'>> = {
  String: 'text',
  ID: 'id',
  Int: 'number',
  Boolean: 'boolean',
  DateTime: 'date',
  JSON: 'json',
};

function writtenOf(field: Field, otherwise?: string): Written {
  const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
  if (isListType(nullable)) return { as: 'array' };
  const type = getNamedType(field.type);
  if (isEnumType(type)) {
    const names = new Map(type.getValues().map(({ name, value }) => [value, name]));
    return { as: 'word', names, ...(otherwise !== undefined && { otherwise }) };
  }
  const as = KINDS[type.name];
  if (as === undefined) throw new NotWrittenError(`${field.name}: ${type.name}`);
  return { as };
}
