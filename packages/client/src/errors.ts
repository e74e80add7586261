/** What is wrong with one part of an input; the path begins at the argument `input`. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An error as the gateway answers it. */
export interface GraphQLErrorLike {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Anything that keeps an answer from coming: what the gateway says, and what keeps it from saying it. */
export class HeimdallError extends Error {
  override name = 'HeimdallError';
  /** `extensions.code`; NETWORK and TIMEOUT where the gateway has said nothing. */
  readonly code: string;
  /** Which parts of an input are at fault; empty where none is named. */
  readonly issues: readonly Issue[];
  /** All errors of the answer; this is the first of them. */
  readonly errors: readonly GraphQLErrorLike[];
  /** What was answered beside the errors. */
  readonly data: unknown;

  constructor(code: string, message: string, { cause, errors = [], data }: ErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.errors = errors;
    this.data = data;
    const issues = errors[0]?.extensions?.issues;
    this.issues = Array.isArray(issues) ? issues : [];
  }
}

export interface ErrorDetails {
  readonly cause?: unknown;
  readonly errors?: readonly GraphQLErrorLike[];
  readonly data?: unknown;
}

/** There is no credential, or none that is valid: sign in again. */
export class UnauthenticatedError extends HeimdallError {
  override name = 'UnauthenticatedError';
}
/** It can be seen, but this may not be done. */
export class ForbiddenError extends HeimdallError {
  override name = 'ForbiddenError';
}
/** There is nothing there, or nothing that may be read. */
export class NotFoundError extends HeimdallError {
  override name = 'NotFoundError';
}
/** This scope cannot be acted in, or there is none. */
export class ScopeForbiddenError extends HeimdallError {
  override name = 'ScopeForbiddenError';
}
/** The request is at fault; `issues` says where. */
export class BadUserInputError extends HeimdallError {
  override name = 'BadUserInputError';
}
/** The name is taken, the row was changed meanwhile, or something still needs it. */
export class ConflictError extends HeimdallError {
  override name = 'ConflictError';
}
/** A farther config would be changed that you may not change: name a scope outright. */
export class CascadeWriteForbiddenError extends HeimdallError {
  override name = 'CascadeWriteForbiddenError';
}
/** There are as many already as there may be. */
export class LimitExceededError extends HeimdallError {
  override name = 'LimitExceededError';
}
/** The gateway is busy, or something that it needs is away. */
export class UnavailableError extends HeimdallError {
  override name = 'UnavailableError';
  /** Whether to ask again can do no harm: not where a write may have happened. */
  get retryable(): boolean {
    return this.errors[0]?.extensions?.retryable !== false;
  }
}
/** Asked too often. */
export class RateLimitedError extends HeimdallError {
  override name = 'RateLimitedError';
  /** When to ask again, in seconds. */
  get retryAfterSeconds(): number {
    const { retryAfter } = this.errors[0]?.extensions ?? {};
    return typeof retryAfter === 'number' ? retryAfter : 1;
  }
}
/** There was no answer: the connection failed, or what came is none of the gateway's. */
export class NetworkError extends HeimdallError {
  override name = 'NetworkError';
}
/** There was no answer in time. */
export class TimeoutError extends HeimdallError {
  override name = 'TimeoutError';
}

const CLASSES: Readonly<Record<string, typeof HeimdallError>> = {
  UNAUTHENTICATED: UnauthenticatedError,
  FORBIDDEN: ForbiddenError,
  NOT_FOUND: NotFoundError,
  SCOPE_FORBIDDEN: ScopeForbiddenError,
  BAD_USER_INPUT: BadUserInputError,
  CONFLICT: ConflictError,
  CASCADE_WRITE_FORBIDDEN: CascadeWriteForbiddenError,
  LIMIT_EXCEEDED: LimitExceededError,
  UNAVAILABLE: UnavailableError,
  RATE_LIMITED: RateLimitedError,
};

/** The first error of an answer as its class; of a code that this version does not know, the common one. */
export function errorOf(errors: readonly GraphQLErrorLike[], data: unknown): HeimdallError {
  const [first] = errors;
  const said = first?.extensions?.code;
  const code = typeof said === 'string' ? said : 'INTERNAL_SERVER_ERROR';
  const Class = Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined;
  return new (Class ?? HeimdallError)(code, first?.message ?? 'no error was told', {
    errors,
    data,
  });
}
