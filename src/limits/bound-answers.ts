import {
  defaultFieldResolver,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  isScalarType,
  type SelectionSetNode,
} from 'graphql';
import { badUserInput } from '../errors.js';
import type { Limited } from './limits.js';
import { locatedAt } from './located.js';
import { sizeOf } from './sizes.js';

type Resolver = GraphQLFieldResolver<unknown, Limited>;
type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

interface Promised {
  fields: number;
  bytes: number;
  refusal?: GraphQLError;
}

/** By the context of a request: what it has been promised of its answer, and the refusal of more. */
const answers = new WeakMap<object, Promised>();

/** Lists that were counted by the ids in them, before their rows were loaded. */
const counted = new WeakSet<object>();

/** Scalars whose values can be of any length. */
const UNBOUNDED: readonly string[] = ['String', 'JSON'];

/**
 * Has every list of the schema count what it adds to the answer, and all text and JSON how long it is, and
 * refuse with BAD_USER_INPUT what is too much. The names of fields are counted with each item: an alias is as long as
 * its author likes. A document says how deep lists lie in one another; only the
 * rows say how long they are: agents that delegate to each other multiply at each level. And what is loaded
 * once can be answered under fifty aliases.
 *
 * INVARIANT: it goes by the types, so that no field is left out, whoever resolves it.
 */
export function boundAnswers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      const charges: Charge[] = [];
      if (isListType(getNullableType(field.type))) charges.push(chargeList);
      if (isScalarType(named) && UNBOUNDED.includes(named.name)) charges.push(chargeBytes);
      for (const charge of charges) {
        field.resolve = charging(field.resolve ?? defaultFieldResolver, charge);
      }
    }
  }
  return schema;
}

type Charge = (value: unknown, request: Limited, info: GraphQLResolveInfo) => void;

function charging(resolve: Resolver, charge: Charge): Resolver {
  return (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    const charged = (known: unknown): unknown => {
      charge(known, context, info);
      return known;
    };
    return value instanceof Promise ? value.then(charged) : charged(value);
  };
}

/**
 * Counts a list before its rows are loaded, by the ids of them that are kept. Throws BAD_USER_INPUT where the
 * answer would have too many fields.
 *
 * @returns marks the rows, once they are there, as counted
 */
export function chargeAhead(
  length: number,
  request: Limited,
  info: GraphQLResolveInfo,
): <Rows extends object>(rows: Rows) => Rows {
  chargeFields(length, request, info);
  return (rows) => {
    counted.add(rows);
    return rows;
  };
}

function chargeList(items: unknown, request: Limited, info: GraphQLResolveInfo): void {
  if (Array.isArray(items) && !counted.has(items)) chargeFields(items.length, request, info);
}

function chargeFields(length: number, request: Limited, info: GraphQLResolveInfo): void {
  const { answerFields, answerBytes } = request.limits;
  const answer = promisedTo(request);
  const { fields, bytes } = itemOf(info);
  answer.fields += length * fields;
  answer.bytes += length * bytes;
  if (answer.fields > answerFields) refuse(answer, `${answerFields} fields`, info);
  if (answer.bytes > answerBytes) refuse(answer, `${answerBytes} bytes`, info);
}

/** Shorter text is bounded by the number of fields. */
const SHORT = 64;

function chargeBytes(value: unknown, request: Limited, info: GraphQLResolveInfo): void {
  if (value === null || value === undefined) return;
  if (typeof value === 'string' && value.length <= SHORT) return;
  const { answerBytes } = request.limits;
  const answer = promisedTo(request);
  answer.bytes += sizeOf(value);
  if (answer.bytes > answerBytes) refuse(answer, `${answerBytes} bytes`, info);
}

function promisedTo(request: Limited): Promised {
  const answer = answers.get(request) ?? { fields: 0, bytes: 0 };
  answers.set(request, answer);
  return answer;
}

// The same error for all that follow.
function refuse(answer: Promised, most: string, info: GraphQLResolveInfo): never {
  answer.refusal ??= locatedAt(
    badUserInput(`an answer has at most ${most}: ask for fewer rows, or for less of each`),
    info,
  );
  throw answer.refusal;
}

/** What an item of a list adds whatever its values are. */
interface Item {
  readonly fields: number;
  /** Of the fields' names, which are written with each item. */
  readonly bytes: number;
}

/** The fields that an item of the list has, with those of nested lists once. */
function itemOf({ fieldNodes, fragments }: GraphQLResolveInfo): Item {
  return fieldNodes
    .map(({ selectionSet }) => itemIn(selectionSet, fragments))
    .reduce(sumOf, { fields: 1, bytes: 0 });
}

const items = new WeakMap<SelectionSetNode, Item>();

function itemIn(set: SelectionSetNode | undefined, fragments: Fragments): Item {
  if (set === undefined) return NOTHING;
  const known = items.get(set);
  if (known !== undefined) return known;
  const item = set.selections
    .map((selection): Item => {
      if (selection.kind === 'FragmentSpread') {
        return itemIn(fragments[selection.name.value]?.selectionSet, fragments);
      }
      const below = itemIn(selection.selectionSet, fragments);
      if (selection.kind === 'InlineFragment') return below;
      const { length } = (selection.alias ?? selection.name).value;
      return sumOf(below, { fields: 1, bytes: length });
    })
    .reduce(sumOf, NOTHING);
  items.set(set, item);
  return item;
}

const NOTHING: Item = { fields: 0, bytes: 0 };

const sumOf = (one: Item, other: Item): Item => ({
  fields: one.fields + other.fields,
  bytes: one.bytes + other.bytes,
});
