import { randomUUID } from 'node:crypto';
import { PothosValidationError } from '@pothos/core';
import { ForbiddenError } from '@pothos/plugin-scope-auth';
import { type ASTNode, GraphQLError, Kind } from 'graphql';
import {
  type DomainError,
  forbidden,
  type Issue,
  internalServerError,
  isDomainError,
} from '../errors.js';
import type { Limits } from '../limits/limits.js';

/** Turns whatever was thrown into what the caller may see. */
export type FormatError = (error: unknown, requestId?: string) => GraphQLError;

/** What an unexpected error leaves in the log; `error` is the original one. */
export interface UnexpectedError {
  readonly id: string;
  readonly requestId: string | undefined;
  readonly path: string | undefined;
  readonly error: unknown;
}

/** How errors are told. */
export interface ErrorFormatting {
  /** Shows the caller the message of an unexpected error, and why a credential is refused. */
  readonly development: boolean;
  readonly limits: Limits;
  /** Whether an error may name what of the schema was not asked for; it may unless told otherwise. */
  readonly suggestions?: boolean;
  readonly report: (unexpected: UnexpectedError) => void;
}

/** The codes that Yoga gives to a request at fault, all of them BAD_USER_INPUT here. */
const CODES_OF_BAD_REQUESTS: readonly unknown[] = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'REQUEST_ENTITY_TOO_LARGE',
];

/** What graphql points at when it finds fault with a variable or an argument. */
const INPUT_KINDS: readonly string[] = [
  Kind.VARIABLE_DEFINITION,
  Kind.VARIABLE,
  Kind.DIRECTIVE,
  Kind.OBJECT,
  Kind.LIST,
  Kind.ENUM,
  Kind.STRING,
  Kind.INT,
  Kind.FLOAT,
  Kind.BOOLEAN,
  Kind.NULL,
];

/**
 * Makes the one formatter of errors. Its answers have a code of the closed set; formatting one of
 * them again changes nothing.
 *
 * INVARIANT: an answer is built anew, never copied. The message is taken from a DomainError, or from
 * an error that is known to be about the caller's own request; of all others the caller gets an id
 * and, outside development, nothing else.
 */
export function createErrorFormatter({
  development,
  limits: { errorLength },
  suggestions = true,
  report,
}: ErrorFormatting): FormatError {
  const formatted = new WeakSet<GraphQLError>();

  function answer(error: unknown, requestId: string | undefined): GraphQLError {
    const chain = chainOf(error);
    const origin = chain.at(-1);
    const known = asDomainError(origin);
    if (known !== undefined) {
      const { code } = known;
      const message = development ? withReason(known, errorLength) : known.message;
      return rebuild(error, message, {
        code,
        ...(code === 'UNAVAILABLE' ? { retryable: !known.outcomeUnknown } : {}),
        ...(code === 'RATE_LIMITED' ? { retryAfter: known.retryAfterSeconds } : {}),
        ...(known.issues === undefined ? {} : { issues: known.issues }),
      });
    }
    if (error instanceof GraphQLError && chain.some(isAboutTheRequest)) {
      const said = short(unquoted(error), errorLength);
      const told = suggestions ? said : said.replace(SUGGESTION, '');
      return rebuild(error, told, { code: 'BAD_USER_INPUT' });
    }
    const id = randomUUID();
    report({ id, requestId, path: pathOf(error)?.join('.'), error: origin });
    const { code, message } = internalServerError();
    const told = development && origin instanceof Error ? origin.message : message;
    return rebuild(error, told, { code, id });
  }

  return (error, requestId) => {
    if (error instanceof GraphQLError && formatted.has(error)) return error;
    const fresh = answer(error, requestId);
    formatted.add(fresh);
    return fresh;
  };
}

/** Whoever tries the gateway out is told why a token is refused; others could learn who exists (D18). */
function withReason({ code, message, cause }: DomainError, most: number): string {
  return code === 'UNAUTHENTICATED' && cause instanceof Error
    ? short(`${message}: ${cause.message}`, most)
    : message;
}

/** The error, and below it what executors wrapped, down to what was thrown in the first place. */
function chainOf(error: unknown): unknown[] {
  const chain = [error];
  for (let link = error; link instanceof GraphQLError && link.originalError !== undefined; ) {
    link = link.originalError;
    chain.push(link);
  }
  return chain;
}

/** An INTERNAL_SERVER_ERROR of our own is as unexpected as any other, and gets its id. */
function asDomainError(origin: unknown): DomainError | undefined {
  if (origin instanceof ForbiddenError) return forbidden();
  return isDomainError(origin) && origin.code !== 'INTERNAL_SERVER_ERROR' ? origin : undefined;
}

/**
 * INVARIANT: not every GraphQLError is the caller's. One that points at a field is about what was
 * found there, such as a stored value that its scalar cannot serialise, and quotes it.
 */
function isAboutTheRequest(link: unknown): boolean {
  if (!(link instanceof GraphQLError)) return false;
  if (link instanceof PothosValidationError || link.nodes?.some(isInput)) return true;
  if (isUnknownOperation(link) || isAboutTooManyVariables(link)) return true;
  return pathOf(link) === undefined && CODES_OF_BAD_REQUESTS.includes(link.extensions.code);
}

/** An operation of a kind that the schema does not have; what a stream throws points there too. */
function isUnknownOperation({ nodes, originalError }: GraphQLError): boolean {
  const isOperation = nodes?.every((node) => node.kind === Kind.OPERATION_DEFINITION) === true;
  return isOperation && originalError === undefined;
}

/** graphql gives up after fifty faulty variables with an error that points at nothing. */
function isAboutTooManyVariables({ message, nodes, path, originalError }: GraphQLError): boolean {
  const isBare = nodes === undefined && path === undefined && originalError === undefined;
  return isBare && message.startsWith('Too many errors processing variables');
}

/**
 * Of a variable graphql quotes the whole object or list in which something is wrong. INVARIANT: a secret that is set by
 * such an input is quoted in no error (D16): what is wrong, and where, is enough.
 */
function unquoted({ message, originalError }: GraphQLError): string {
  const [, variable] = /^Variable "\$(\w+)" got invalid value [{[]/.exec(message) ?? [];
  if (variable === undefined) return message;
  const reason = originalError === undefined ? '' : `; ${originalError.message}`;
  const [at = ''] = / at "[\w.[\]]+"$/.exec(message.slice(0, message.length - reason.length)) ?? [];
  return `Variable "$${variable}" got an invalid value${at}${reason}`;
}

/** What graphql says after a name that it does not know. */
const SUGGESTION = / Did you mean [^?]*\??/g;

/** graphql quotes the caller's own values, however long they are. */
function short(message: string, most: number): string {
  return message.length > most ? `${message.slice(0, most)}…` : message;
}

function isInput(node: ASTNode): boolean {
  return INPUT_KINDS.includes(node.kind);
}

function pathOf(error: unknown): readonly (string | number)[] | undefined {
  return error instanceof GraphQLError ? error.path : undefined;
}

function rebuild(
  error: unknown,
  message: string,
  extensions: {
    readonly code: string;
    readonly id?: string;
    readonly retryable?: boolean;
    readonly retryAfter?: number | undefined;
    readonly issues?: readonly Issue[];
  },
): GraphQLError {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
  const { nodes, source, positions, path, extensions: original } = error;
  // Yoga keeps the status and the headers of a refused request here, and does not send it.
  const isRefusal = path === undefined && original.http !== undefined;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, ...(isRefusal ? { http: original.http } : {}) },
  });
}
