/**
 * The closed set of errors that a caller may see. Whatever is not a {@link DomainError} reaches a
 * client as INTERNAL_SERVER_ERROR without its message.
 *
 * INVARIANT: no message here may tell that a hidden row exists (D14). A factory takes no name or id
 * of a row; the one free text, `badUserInput`, is about the caller's own input.
 */

/** Every `extensions.code` that the gateway answers. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SCOPE_FORBIDDEN',
  'BAD_USER_INPUT',
  'CONFLICT',
  'CASCADE_WRITE_FORBIDDEN',
  'LIMIT_EXCEEDED',
  'LEASE_LOST',
  'UNAVAILABLE',
  'RATE_LIMITED',
  'CURSOR_EXPIRED',
  'TOO_SLOW',
  'SECRET_KEY_MISSING',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one part of an input; the path begins at the argument `input`. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface DomainErrorOptions extends ErrorOptions {
  readonly outcomeUnknown?: boolean;
  readonly retryAfterSeconds?: number | undefined;
  readonly issues?: readonly Issue[] | undefined;
}

/** An error whose message and code are meant for the caller; `cause` is for the log alone. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  /** Where in the input it comes from, and what is wrong there: `extensions.issues`. */
  readonly issues: readonly Issue[] | undefined;
  /** A write whose connection was lost at COMMIT: nobody knows whether it happened (D47). */
  readonly outcomeUnknown: boolean;
  /** When the same may be asked again, where somebody has asked too often. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    { outcomeUnknown = false, issues, retryAfterSeconds, ...options }: DomainErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.outcomeUnknown = outcomeUnknown;
    this.retryAfterSeconds = retryAfterSeconds;
    this.issues = issues;
  }

  /** The same, of one item of a batch. */
  within(...path: readonly (string | number)[]): DomainError {
    const { cause, outcomeUnknown } = this;
    const issues = this.issues ?? [{ path: [], message: this.message }];
    const moved = issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
    return new DomainError(this.code, this.message, { cause, outcomeUnknown, issues: moved });
  }
}

/** Whether an unknown thrown value is one of ours. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/**
 * The credential was missing or refused (D18). One message for every reason, so that a caller
 * cannot learn which users exist; the reason goes into `cause`.
 */
export function unauthenticated(cause?: unknown): DomainError {
  return create('UNAUTHENTICATED', 'the credential is missing or not valid', cause);
}

/** Several credentials came at once, and so nobody knows whose the request is (D42). */
export function severalCredentials(): DomainError {
  return create(
    'UNAUTHENTICATED',
    'several credentials at once: send one of authorization, x-api-key and x-virtual-key',
  );
}

/** Readable but not permitted (D14); what decided it is for the record alone (D19). */
export function forbidden(reason?: string): DomainError {
  return create('FORBIDDEN', 'you are not permitted to do this', reason);
}

/** Who sees as somebody else changes nothing (D21). */
export function readOnly(): DomainError {
  return create('FORBIDDEN', 'you are seeing as somebody else, and so nothing can be changed');
}

/** There is nothing there, or nothing that this principal may read: the same answer (D14). */
export function notFound(): DomainError {
  return create('NOT_FOUND', 'there is no such resource');
}

/** The named scope cannot be acted in, or does not exist: the same answer (D4). */
export function scopeForbidden(): DomainError {
  return create('SCOPE_FORBIDDEN', 'you cannot act in this scope');
}

/** The caller's input is at fault; `message` says what is wrong with it. */
export function badUserInput(message: string): DomainError {
  return create('BAD_USER_INPUT', message);
}

/** Everything that is wrong with an input, at once. */
export function badInput(issues: readonly Issue[]): DomainError {
  const [first] = issues;
  const message =
    issues.length === 1 && first
      ? first.message
      : `${issues.length} parts of the input are not valid`;
  return new DomainError('BAD_USER_INPUT', message, { issues });
}

/** The name is taken, or the row was changed meanwhile; a hidden row may hold the name (D14). */
export function conflict(message = 'this conflicts with what is stored'): DomainError {
  return create('CONFLICT', message);
}

/** There are as many already as there may be (D33). */
export function limitExceeded(message: string): DomainError {
  return create('LIMIT_EXCEEDED', message);
}

/** A write by name would reach a farther row that this principal may not manage (D5). */
export function cascadeWriteForbidden(): DomainError {
  return create(
    'CASCADE_WRITE_FORBIDDEN',
    'this would change a row of a farther scope; name a scope explicitly to create an override there',
  );
}

/**
 * The attempt is another's by now, or nobody's (D34): whatever its worker says of it is not taken. The same where there is
 * no such execution.
 */
export function leaseLost(): DomainError {
  return create('LEASE_LOST', 'the lease of this attempt is not the present one');
}

/**
 * What an answer needs is away or busy; the same can be asked again (D47), unless it is a write whose
 * outcome is unknown.
 */
export function unavailable(
  cause?: unknown,
  options: { outcomeUnknown?: boolean } = {},
): DomainError {
  return create('UNAVAILABLE', 'the gateway cannot answer now', cause, options);
}

/**
 * A secret cannot be encrypted, because no key is configured, or not be decrypted, because its own is not (D16). To ask
 * again changes nothing: an operator has to configure the key, by its id.
 */
export function secretKeyMissing(id: string | null): DomainError {
  return create(
    'SECRET_KEY_MISSING',
    id === null
      ? 'secrets cannot be stored here: no key to encrypt them with is configured'
      : `this secret cannot be read here: its key ${id} is not configured`,
  );
}

/** The document is named by a hash alone. Clients know these very words and send the whole of it. */
export function persistedQueryNotSupported(): DomainError {
  return create('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
}

/** The hash is of no document that is kept. Clients know these very words and send the whole of it, once. */
export function persistedQueryNotFound(): DomainError {
  return create('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
}

/** Somebody has asked too often; the same can be asked again after so many seconds. */
export function rateLimited(retryAfterSeconds: number): DomainError {
  return create('RATE_LIMITED', 'too many requests: ask again later', undefined, {
    retryAfterSeconds,
  });
}

/** What came after the cursor of a subscription is not kept, or too much: read the list again. */
export function cursorExpired(): DomainError {
  return create(
    'CURSOR_EXPIRED',
    'the changes after this cursor cannot be told any more: subscribe without it and read again',
  );
}

/** A subscription whose events were not read in time is ended, for they are kept for nobody. */
export function tooSlow(): DomainError {
  return create('TOO_SLOW', 'events were not read in time: subscribe again after the last cursor');
}

/** Something failed inside; the reason is kept as `cause` for the log and told to nobody. */
export function internalServerError(cause?: unknown): DomainError {
  return create('INTERNAL_SERVER_ERROR', 'something went wrong', cause);
}

function create(
  code: ErrorCode,
  message: string,
  cause?: unknown,
  options: DomainErrorOptions = {},
): DomainError {
  const make = () =>
    new DomainError(code, message, { ...options, ...(cause === undefined ? {} : { cause }) });
  if (code === 'INTERNAL_SERVER_ERROR') return make();
  // A page can be refused thousands of fields, and nobody reads where these were thrown.
  const error = withoutStacks(make);
  // Said outright: to work out even an empty stack is dear, and GraphQL reads it of every error.
  Object.defineProperty(error, 'stack', { value: `${error.name}: ${message}` });
  return error;
}

/** Runs work that makes errors whose stacks nobody reads: to take one costs more than all the rest. */
export function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
