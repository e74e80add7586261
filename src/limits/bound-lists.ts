import {
  defaultFieldResolver,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { badUserInput } from '../errors.js';
import type { Limited } from './limits.js';

type Resolver = GraphQLFieldResolver<unknown, Limited>;
type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** By the context of a request: how many fields it has been promised, and the refusal of more. */
const answers = new WeakMap<object, { fields: number; refusal?: GraphQLError }>();

/**
 * Has every list of the schema count what it adds to the answer, and refuse with BAD_USER_INPUT what is
 * too much. A document says how deep lists lie in one another; only the rows say how long they
 * are: agents that delegate to each other multiply at each level.
 *
 * INVARIANT: it goes by the types, so that no list is left out, whoever resolves it.
 */
export function boundLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isListType(getNullableType(field.type))) continue;
      field.resolve = bounded(field.resolve ?? defaultFieldResolver);
    }
  }
  return schema;
}

function bounded(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const items: unknown = resolve(source, args, context, info);
    return items instanceof Promise
      ? items.then((known) => charged(known, context, info))
      : charged(items, context, info);
  };
}

function charged(items: unknown, request: Limited, info: GraphQLResolveInfo): unknown {
  if (!Array.isArray(items)) return items;
  const most = request.limits.answerFields;
  const answer = answers.get(request) ?? { fields: 0 };
  answers.set(request, answer);
  answer.fields += items.length * fieldsOf(info);
  if (answer.fields <= most) return items;
  // The same error for all that follow: to make one for each of a hundred thousand lists would be what
  // is to be prevented. An answer with it at several places is refused whole.
  answer.refusal ??= refusalAt(info, most);
  throw answer.refusal;
}

function refusalAt({ fieldNodes, path }: GraphQLResolveInfo, most: number): GraphQLError {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) keys.unshift(at.key);
  const reason = badUserInput(
    `an answer has at most ${most} fields: ask for fewer rows, or for less of each`,
  );
  return new GraphQLError(reason.message, { nodes: fieldNodes, path: keys, originalError: reason });
}

/** The fields that an item of the list has, with those of nested lists once. */
function fieldsOf({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  return fieldNodes.reduce((sum, { selectionSet }) => sum + fieldsIn(selectionSet, fragments), 1);
}

const counted = new WeakMap<SelectionSetNode, number>();

function fieldsIn(set: SelectionSetNode | undefined, fragments: Fragments): number {
  if (set === undefined) return 0;
  const known = counted.get(set);
  if (known !== undefined) return known;
  let fields = 0;
  for (const selection of set.selections) {
    if (selection.kind === 'FragmentSpread') {
      fields += fieldsIn(fragments[selection.name.value]?.selectionSet, fragments);
    } else {
      fields += fieldsIn(selection.selectionSet, fragments);
      if (selection.kind === 'Field') fields += 1;
    }
  }
  counted.set(set, fields);
  return fields;
}
