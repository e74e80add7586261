import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { AUDIENCE, ISSUER, SECRET } from '../../test/support/gateway.js';

/** What came of one request. */
export type Outcome =
  | { readonly kind: 'answered'; readonly data: Readonly<Record<string, unknown>> }
  /** A coded error and nothing else; `retryable` where the gateway says so. */
  | { readonly kind: 'refused'; readonly code: string; readonly retryable: boolean | undefined }
  /** The connection was lost, and nobody said anything. */
  | { readonly kind: 'broken'; readonly why: string }
  /** Something that no gateway may say: no code, or an answer beside its refusal. */
  | { readonly kind: 'malformed'; readonly why: string };

/** One operation, with who asks it. */
export interface Asked {
  readonly token: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Under which a mutation that is sent again happens once. */
  readonly key?: string;
}

/** Sends one operation, and gives it up after `limitMs`. */
export async function ask(
  url: string,
  { token, query, variables = {}, key }: Asked,
  limitMs: number,
): Promise<Outcome> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(limitMs),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    if (isTimeout(error)) return { kind: 'malformed', why: `no answer within ${limitMs} ms` };
    const { cause, message } = error as Error;
    return { kind: 'broken', why: cause instanceof Error ? cause.message : message };
  }
  return read(status, text);
}

const isTimeout = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'TimeoutError';

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message?: string;
    readonly path?: readonly unknown[];
    readonly extensions?: { readonly code?: string; readonly retryable?: boolean };
  }[];
}

/**
 * INVARIANT: what is refused shows nothing; every question here has one root field that may be null. An error below it leaves the rest: a list
 * without its count, or what a write comes to without the row as it is now. That counts as refused.
 */
function read(status: number, text: string): Outcome {
  let body: Body;
  try {
    body = JSON.parse(text) as Body;
  } catch {
    return { kind: 'malformed', why: `${status}, no JSON: ${text.slice(0, 100)}` };
  }
  const { data, errors } = body;
  const [error] = errors ?? [];
  if (error === undefined) {
    return data ? { kind: 'answered', data } : { kind: 'malformed', why: `${status}, no data` };
  }
  const { code, retryable } = error.extensions ?? {};
  if (code === undefined) return { kind: 'malformed', why: `no code: ${error.message}` };
  if (code === 'INTERNAL_SERVER_ERROR') return { kind: 'malformed', why: code };
  const shown = Object.values(data ?? {}).filter((value) => value !== null);
  const isBelow = (error.path?.length ?? 0) > 1;
  return shown.length === 0 || isBelow
    ? { kind: 'refused', code, retryable }
    : { kind: 'malformed', why: `${code}, and data beside it` };
}

/** A token by which somebody of the world signs in. */
export const signed = (email: string, ttl = 12 * 3600): Promise<string> =>
  signDevelopmentToken({
    ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl },
    subject: developmentSubject(email),
  });
