import { AskError } from './problem.js';

/** An error as the gateway tells it. */
interface Told {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** What a gateway answered. */
export interface Answered<T> {
  readonly data: T | null;
  readonly errors: readonly Told[];
}

/** Asks a gateway over HTTP, as whoever a token names. */
export type Call = <T>(token: string, query: string, variables?: object) => Promise<Answered<T>>;

const TIMEOUT_MS = 60_000;

/**
 * Asks the gateway whose GraphQL endpoint is at a URL.
 *
 * @throws AskError it cannot be reached, or says what is no answer of GraphQL
 */
export function callerOf(url: string): Call {
  return async <T>(token: string, query: string, variables: object = {}) => {
    const body = await send(url, token, JSON.stringify({ query, variables }));
    if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
      throw new AskError(`${url} answers what is no answer of GraphQL`);
    }
    const { data = null, errors = [] } = body as Partial<Answered<T>>;
    return { data, errors };
  };
}

async function send(url: string, token: string, body: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      // A token is for the gateway that was named, and for nobody whom it names.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new AskError(`${url} does not answer: ${why}`, { cause: error });
  }
}

/** The code of the first error, if there is one. */
export const codeOf = ({ errors }: Answered<unknown>): string | undefined =>
  errors.length === 0 ? undefined : (errors[0]?.extensions?.code ?? 'ERROR');
