import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** What an input of this type can be made of with this text in it, at every place that takes text. */
export function withText(type: GraphQLInputType, text: string, depth = 0): unknown[] {
  if (isNonNullType(type)) return withText(type.ofType, text, depth);
  if (isListType(type)) return withText(type.ofType, text, depth).map((value) => [value]);
  if (isInputObjectType(type)) {
    if (depth > 2) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      ['and', 'or', 'not'].includes(field.name)
        ? []
        : withText(field.type, text, depth + 1).map((value) => ({
            ...needed(type),
            [field.name]: value,
          })),
    );
  }
  const { name } = getNamedType(type);
  return name === 'ID' || name === 'String' || name === '_Any' ? [asEntity(name, text)] : [];
}

/** What an input cannot be without: words. */
const needed = (type: GraphQLInputObjectType): object =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map(({ name }) => [name, wordFor(name)]),
  );

const asEntity = (type: string, text: string) =>
  type === '_Any' ? { __typename: 'Form', id: text } : text;

/** Words that lead on to what the hostile one is for; any other name is given one that leads nowhere. */
const WORDS: Readonly<Record<string, string>> = {
  resourceType: 'form',
  action: 'read',
  resourceId: '018f0000-0000-7000-8000-00000000dead',
  cron: '* * * * *',
  timezone: 'UTC',
};
const wordFor = (name: string): string => WORDS[name] ?? 'x';

/** A field that takes arguments, and the names of those that lead to its type. */
export interface Reached {
  readonly type: string;
  readonly path: readonly string[];
  readonly field: GraphQLField<unknown, unknown>;
}

/** Every field that takes text, wherever it can be asked for without another's argument. */
export function fieldsWithText(schema: GraphQLSchema): Reached[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has queries');
  const paths = new Map<string, readonly string[]>([[query.name, []]]);
  // A map tells what is added while it is gone through.
  for (const [name, path] of paths) {
    for (const field of fieldsOf(schema, name)) {
      const next = getNamedType(field.type).name;
      if (!paths.has(next) && !field.args.some(isRequiredArgument)) {
        paths.set(next, [...path, field.name]);
      }
    }
  }
  return [...paths].flatMap(([type, path]) =>
    fieldsOf(schema, type)
      .filter(({ args }) => args.some((arg) => withText(arg.type, 'x').length > 0))
      .map((field) => ({ type, path, field })),
  );
}

function fieldsOf(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
}

/** Several questions in one document, each under a name of its own at the root: one that is refused takes none with it. */
export interface HostileDocument {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the questions are named by. */
  readonly names: readonly string[];
}

/** This text in every place of the field that takes one, so many questions a document. */
export function hostileDocuments(
  { path, field }: Reached,
  text: string,
  atOnce: number,
): HostileDocument[] {
  const questions = field.args.flatMap((arg) =>
    withText(arg.type, text).map((value) => ({ arg, value })),
  );
  const documents: HostileDocument[] = [];
  for (let start = 0; start < questions.length; start += atOnce) {
    const some = questions.slice(start, start + atOnce);
    const asked = some.map(
      ({ arg }, n) =>
        `q${n}: ${within(path, `${field.name}(${call(field.args, arg, n)})${shown(field)}`)}`,
    );
    documents.push({
      source: `query (${some.map(({ arg }, n) => `$v${n}: ${arg.type}`).join()}) {\n${asked.join('\n')}\n}`,
      variables: Object.fromEntries(some.map(({ value }, n) => [`v${n}`, value])),
      names: some.map((_, n) => `q${n}`),
    });
  }
  return documents;
}

/** Asks so, where these names lead to. */
export const within = (path: readonly string[], asked: string): string =>
  [...path.map((name) => `${name} {`), asked, ...path.map(() => '}')].join(' ');

const shown = ({ type }: GraphQLField<unknown, unknown>): string =>
  isCompositeType(getNamedType(type)) ? ' { __typename }' : '';

/** The argument in question, and the others that have to be there. */
function call(args: readonly GraphQLArgument[], asked: GraphQLArgument, n: number): string {
  return args
    .filter((arg) => arg === asked || isRequiredArgument(arg))
    .map((arg) => `${arg.name}: ${arg === asked ? `$v${n}` : JSON.stringify(wordFor(arg.name))}`)
    .join(', ');
}
