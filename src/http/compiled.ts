import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  validate,
} from 'graphql';
import { isDomainError } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { querySize } from '../limits/query-size.js';
import type { Caller } from '../read/caller.js';
import type { Lane, Outcome, Query } from '../read/lane.js';
import { isHash, type NamedDocuments } from '../shared/named-documents.js';
import { type JsonAnswer, jsonAnswerFor } from './accept.js';
import type { DocumentCache } from './document-cache.js';
import type { Answered, GraphqlRequest, Sent } from './graphql-request.js';
import { type Cost, costOf, wantsCost } from './use-cost.js';
import { mistakeIn, parseWithin, tooLarge } from './use-limits.js';
import { namedHash } from './use-named-documents.js';
import { isJson } from './use-strict-requests.js';

export interface CompiledParts {
  readonly lane: Lane;
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly documents: DocumentCache;
  readonly named: NamedDocuments;
  /** Is told what should not have happened; the other path answers then. */
  readonly report: (error: unknown, requestId: string) => void;
}

/** What a request that can be answered this way says. */
interface Said {
  readonly source: string;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly accepted: JsonAnswer;
}

/** So much of a body is looked at; what says more is rare, and the other path has bounds for it. */
const BODY = 50_000;

/**
 * Answers a request by the compiled path; undefined: the other one answers it, and tells whatever is wrong with it.
 *
 * INVARIANT: only for who is known, and who sees as themselves.
 *
 * @throws DomainError UNAUTHENTICATED, UNAVAILABLE
 */
export async function answerCompiled(
  parts: CompiledParts,
  request: GraphqlRequest,
  sent: Sent,
): Promise<Answered | undefined> {
  const { facts, exchange } = sent;
  if ((facts.viewAs ?? null) !== null) return undefined;
  const said = readRequest(request, parts);
  if (said === undefined) return undefined;
  const caller = (await sent.recall()) ?? (await freshly(sent));
  // INVARIANT: nothing that a caller without a credential sends is read, or kept, for them here.
  if (caller.principal.kind === 'ANONYMOUS') return undefined;
  // What is handed to an execution is noted (D31): not a matter of one statement.
  if (caller.principal.kind === 'EXECUTION') return undefined;
  const { source, operationName, variables, accepted } = said;
  const document = parts.documents.find(source) ?? readDocument(source, parts);
  const operation = document && getOperationAST(document, operationName);
  if (document === undefined || operation?.operation !== 'query') return undefined;
  const query: Query = { document, operationName, variables, scopeHeader: facts.scopeHeader };
  const outcome = await ask(parts, query, caller, sent);
  if (typeof outcome === 'string') return undefined;
  exchange.operation = describe(operation, parts.limits);
  exchange.isCompiled = true;
  const { text, withheld, actsIn } = outcome;
  exchange.acting = { by: exchange.principal ?? caller.principal, where: actsIn };
  const told = [
    ...(withheld.length === 0 ? [] : [`"withheld":${JSON.stringify(withheld)}`]),
    ...(wantsCost(request.headers) ? [`"cost":${JSON.stringify(costAsked(parts, query))}`] : []),
  ];
  const extensions = told.length === 0 ? '' : `,"extensions":{${told.join(',')}}`;
  return { contentType: `${accepted}; charset=utf-8`, text: `{"data":${text}${extensions}}` };
}

function costAsked({ schema, limits }: CompiledParts, { document, ...request }: Query): Cost {
  return costOf(querySize(document, schema, limits, request).cost, limits);
}

/** Asks again, as who they are now, where they are not who they were. */
async function ask(
  { lane, report }: CompiledParts,
  query: Query,
  caller: Caller,
  sent: Sent,
): Promise<Outcome> {
  const { exchange } = sent;
  const answer = async (who: Caller): Promise<Outcome> => {
    exchange.principal = who.principal;
    await sent.admit?.(who.principal);
    try {
      return await lane.answer(query, who, exchange.asked);
    } catch (error) {
      // A database that is away is not asked once more, field by field.
      if (isDomainError(error)) throw error;
      report(error, exchange.id);
      return 'elsewhere';
    }
  };
  const outcome = await answer(caller);
  return outcome === 'stale' ? answer(await freshly(sent)) : outcome;
}

const freshly = async ({ authenticate }: Sent): Promise<Caller> => ({
  principal: await authenticate(),
  proof: undefined,
});

function describe(operation: OperationDefinitionNode, { operationNameLength }: Limits) {
  const name = operation.name?.value.slice(0, operationNameLength) ?? null;
  return { type: operation.operation, name };
}

function readRequest(
  { method, search, headers, body }: GraphqlRequest,
  { limits, named }: CompiledParts,
): Said | undefined {
  if (method !== 'POST' || search !== '' || body === null || body.length > BODY) return undefined;
  if (!isJson(headers.get('content-type'))) return undefined;
  const accepted = jsonAnswerFor(headers.get('accept'));
  if (accepted === undefined) return undefined;
  const parsed = parseBody(body);
  if (!isRecord(parsed)) return undefined;
  const { query, variables = null, operationName = null, extensions = null, ...others } = parsed;
  if (Object.keys(others).length > 0 || !isExtensions(extensions)) return undefined;
  const source = sourceOf(query, namedHash(extensions), named);
  if (source === undefined || source.length > limits.documentLength) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  if (mistakeIn(variables, limits) !== undefined) return undefined;
  return { source, operationName, variables: variables ?? {}, accepted };
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isExtensions = (extensions: unknown): boolean => extensions === null || isRecord(extensions);

/** The document, which may be named by its hash if it is known here; undefined: the other path looks farther, and refuses. */
function sourceOf(query: unknown, hash: unknown, named: NamedDocuments): string | undefined {
  const known = isHash(hash) ? named.findNear(hash) : undefined;
  if (query === undefined || query === null) return known;
  if (typeof query !== 'string' || !named.isAnswered(query)) return undefined;
  return hash === undefined || known === query ? query : undefined;
}

/** What the parts of the schema that can be turned off are asked for by. */
const INTROSPECTION = /__schema|__type\b|_service/;

/** A document that is seen for the first time, if it is valid: then it is kept, as the other path keeps it. */
function readDocument(
  source: string,
  { documents, limits, schema }: CompiledParts,
): DocumentNode | undefined {
  if (INTROSPECTION.test(source)) return undefined;
  const document = parseQuietly(source, limits);
  if (document === undefined || tooLarge(document, schema, limits) !== undefined) return undefined;
  if (validate(schema, document, undefined, { maxErrors: 1 }).length > 0) return undefined;
  documents.keep(source, document);
  return document;
}

/** What cannot be parsed is told by the other path. */
function parseQuietly(source: string, limits: Limits): DocumentNode | undefined {
  try {
    return parseWithin(limits)(source);
  } catch {
    return undefined;
  }
}
