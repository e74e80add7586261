import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type ParseOptions,
  parse,
  type Source,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput } from '../errors.js';
import { documentShape } from '../limits/document-shape.js';
import type { Limits } from '../limits/limits.js';
import { type QuerySize, querySize } from '../limits/query-size.js';
import type { DocumentCache } from './document-cache.js';
import type { Exchange } from './exchange.js';
import { requestError } from './request-error.js';

const TOO_MUCH = 'the query could answer too much: ask for fewer rows of nested lists';

/** Refuses documents that are too long, too deep or too wide, before any work is put into them. */
export function useLimits(
  limits: Limits,
  documents: DocumentCache,
): Plugin<{ exchange: Exchange }> {
  return {
    onParams({ params }) {
      if ((params.query?.length ?? 0) > limits.documentLength) {
        throw requestError(413, `a document has at most ${limits.documentLength} characters`);
      }
      // Coercing them is recursive, and comes before anybody asks who is asking.
      const mistake = mistakeIn(params.variables, limits);
      if (mistake !== undefined) throw requestError(400, mistake);
    },
    onParse({ setParseFn }) {
      setParseFn(parseWithin(limits));
    },
    // In front of validation, whose cost is more than linear for some rules.
    onValidate({ params: { documentAST, schema }, context, setResult }) {
      if (documents.isKnown(documentAST)) return;
      const size = querySize(documentAST, schema, limits);
      context.exchange.cost = size.cost;
      const mistake = mistakeOfSize(size, limits) ?? mistakeOfShape(documentAST, limits);
      if (mistake !== undefined) setResult([requestError(400, mistake, { onlyIfAsked: true })]);
    },
    // A document says the same each time, its variables how much of it is asked for.
    onExecute({ args, setResultAndStopExecution }) {
      const { document, schema, variableValues: variables = {}, operationName } = args;
      const mistakes = mistakesOfMany(schema, document, variables, operationName);
      if (mistakes.length > 0) return setResultAndStopExecution({ errors: mistakes });
      const { cost } = querySize(document, schema, limits, { variables, operationName });
      (args.contextValue as { exchange: Exchange }).exchange.cost = cost;
      if (cost <= limits.cost) return;
      const errors = [requestError(400, TOO_MUCH, { onlyIfAsked: true })];
      setResultAndStopExecution({ errors });
    },
  };
}

/** Parses a document of no more tokens than it may have. */
export function parseWithin(limits: Limits) {
  return (source: string | Source, options?: ParseOptions): DocumentNode => {
    try {
      return parse(source, { ...options, maxTokens: limits.tokens });
    } catch (error) {
      // The parser is recursive: brackets within brackets exhaust the stack before the tokens.
      throw error instanceof RangeError ? badUserInput('the document is nested too deeply') : error;
    }
  };
}

/** Of fewer values than so many all mistakes are told at once. */
const FEW_VALUES = 1_000;
const LINE = 100;

/**
 * The first mistake in variables of many values. graphql writes out the whole of a variable for each of the fifty
 * mistakes that it tells at most, and looks for names that are alike: seconds for what a body may hold.
 */
function mistakesOfMany(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | null | undefined,
): readonly GraphQLError[] {
  if (!hasMore(variables, FEW_VALUES)) return [];
  const operation = getOperationAST(document, operationName);
  const defined = operation?.variableDefinitions ?? [];
  // One more than one is where it stops; it then says that there are too many.
  const { errors = [] } = getVariableValues(schema, defined, variables, { maxErrors: 1 });
  return errors.slice(0, 1);
}

/** Whether there are more values in one another than so many, a long text counted as several. */
function hasMore(value: unknown, most: number): boolean {
  const left = [value];
  let count = 0;
  for (let next = left.pop(); left.length > 0 || next !== undefined; next = left.pop()) {
    count += 1 + (typeof next === 'string' ? next.length / LINE : 0);
    const values = typeof next === 'object' && next !== null ? Object.values(next) : [];
    if (count + values.length > most) return true;
    left.push(...values);
  }
  return false;
}

/** What is too much of a document; undefined: nothing. */
export function tooLarge(
  document: DocumentNode,
  schema: GraphQLSchema,
  limits: Limits,
): string | undefined {
  return (
    mistakeOfSize(querySize(document, schema, limits), limits) ?? mistakeOfShape(document, limits)
  );
}

function mistakeOfSize(size: QuerySize, limits: Limits): string | undefined {
  const { depth, fields, repeats, introspections, cost, nameLength } = size;
  if (nameLength > limits.nameLength) {
    return `a name in the answer has at most ${limits.nameLength} characters`;
  }
  if (depth > limits.depth) {
    return `the query is ${depth} levels deep, of which ${limits.depth} are allowed`;
  }
  if (fields > limits.fields) {
    return `the query asks for ${fields} fields, of which ${limits.fields} are allowed`;
  }
  if (repeats > limits.repeats) {
    return `the query repeats a field ${repeats} times, of which ${limits.repeats} are allowed`;
  }
  if (introspections > limits.introspections) {
    return `the query asks for the schema ${introspections} times, of which ${limits.introspections} are allowed`;
  }
  return cost > limits.cost ? TOO_MUCH : undefined;
}

/** What is too much of what a document writes besides its fields. */
function mistakeOfShape(document: DocumentNode, limits: Limits): string | undefined {
  const { aliases, directives, variables, literalDepth, listLength } = documentShape(document);
  if (aliases > limits.aliases) {
    return `the query has ${aliases} aliases, of which ${limits.aliases} are allowed`;
  }
  if (directives > limits.directives) {
    return `the query has ${directives} directives, of which ${limits.directives} are allowed`;
  }
  if (variables > limits.variables) {
    return `an operation defines ${variables} variables, of which ${limits.variables} are allowed`;
  }
  if (literalDepth > limits.variablesDepth) {
    return `a literal has at most ${limits.variablesDepth} levels`;
  }
  if (listLength > limits.listLength) return `a list has at most ${limits.listLength} values`;
  return undefined;
}

/** What is too much of variables; undefined: nothing. Level by level, since they could exhaust the stack. */
export function mistakeIn(
  variables: unknown,
  { variablesDepth, listLength }: Pick<Limits, 'variablesDepth' | 'listLength'>,
): string | undefined {
  let level = [variables];
  for (let depth = 0; level.length > 0; depth += 1) {
    level = level.filter((one) => typeof one === 'object' && one !== null);
    if (level.some((one) => Array.isArray(one) && one.length > listLength)) {
      return `a list has at most ${listLength} values`;
    }
    level = level.flatMap((one) => Object.values(one as object));
    if (depth === variablesDepth && level.length > 0) {
      return `variables have at most ${variablesDepth} levels`;
    }
  }
  return undefined;
}
