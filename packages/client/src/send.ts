import {
  errorOf,
  type GraphQLErrorLike,
  NetworkError,
  RateLimitedError,
  TimeoutError,
  UnavailableError,
} from './errors.js';

/** What is sent, once or several times. */
export interface Sending {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Asked at each attempt, so that a token that has ended meanwhile is another. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly body: string;
  /** Whether to send the same again does no harm. */
  readonly repeatable: boolean;
  /** How often it is sent at most. */
  readonly attempts: number;
  /** Until when it is to be answered, all attempts together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Sends a document and answers its data. What was not answered, or was refused because the gateway is busy, is sent again if
 * that does no harm.
 *
 * @throws HeimdallError of the class of its code; NetworkError, TimeoutError; the reason of `signal`
 */
export async function send(sending: Sending): Promise<unknown> {
  const { timeoutMs, signal } = sending;
  const deadline = Date.now() + timeoutMs;
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  const abort = () => ending.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      try {
        return await once(sending, ending.signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (ending.signal.aborted) throw late(timeoutMs, error);
        const pause = pauseAfter(error, attempt);
        if (pause === undefined || !sending.repeatable || attempt >= sending.attempts) throw error;
        // Rather the error that is known now than a deadline that says nothing.
        if (Date.now() + pause >= deadline) throw error;
        await sleep(pause, ending.signal);
      }
      signal?.throwIfAborted();
      if (ending.signal.aborted) throw late(timeoutMs);
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function once(sending: Sending, signal: AbortSignal): Promise<unknown> {
  const headers = await sending.headers();
  let answer: unknown;
  try {
    const response = await sending.fetch(sending.url, {
      method: 'POST',
      headers,
      body: sending.body,
      signal,
      // The credential is in a header, and for this address alone.
      credentials: 'omit',
      redirect: 'error',
    });
    answer = await response.json();
  } catch (cause) {
    throw new NetworkError('NETWORK', 'the gateway did not answer', { cause });
  }
  if (typeof answer !== 'object' || answer === null) throw strange();
  const { data, errors } = answer as { data?: unknown; errors?: readonly GraphQLErrorLike[] };
  if (Array.isArray(errors) && errors.length > 0) throw errorOf(errors, data);
  if (typeof data !== 'object' || data === null) throw strange();
  return data;
}

/** In how many milliseconds the same may be asked again; undefined: asking again changes nothing. */
function pauseAfter(error: unknown, attempt: number): number | undefined {
  if (error instanceof RateLimitedError) return error.retryAfterSeconds * 1_000;
  const passes =
    error instanceof NetworkError || (error instanceof UnavailableError && error.retryable);
  if (!passes) return undefined;
  // Somewhere within the pause, or all that were refused at once come back at once.
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

const strange = () => new NetworkError('NETWORK', 'what was answered is none of a gateway');

const late = (timeoutMs: number, cause?: unknown) =>
  new TimeoutError('TIMEOUT', `the gateway did not answer within ${timeoutMs} ms`, { cause });

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
