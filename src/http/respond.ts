import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Limits } from '../limits/limits.js';
import type { Exchange } from './exchange.js';
import type { Answered } from './graphql-request.js';
import { type HttpExtension, requestError } from './request-error.js';

/** Sends a small JSON body. */
export function respondJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Sends one error in GraphQL's shape for a request that never came as far as GraphQL. */
export function respondError(
  response: ServerResponse,
  error: GraphQLError,
  { status = 500, headers = {} }: HttpExtension,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  respondJson(response, status, bodyOf(error));
}

/** What a caller reads of an error; its status is told otherwise. */
export function bodyOf({ message, extensions: { http: _, ...extensions } }: GraphQLError): object {
  return { errors: [{ message, extensions }] };
}

/**
 * Sends what Yoga answers.
 *
 * INVARIANT: an answer of its own that says nothing is said by us, in the shape of all others.
 */
export async function respondWith(
  response: ServerResponse,
  answer: Response | Answered,
  { hold }: Exchange,
  { sendMs }: Pick<Limits, 'sendMs'>,
): Promise<void> {
  if (isWhole(answer)) {
    if (response.destroyed) return;
    response.setHeader('content-type', answer.contentType);
    return end(response, 200, answer.text, sendMs);
  }
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? '' : await answer.text();
  if (!isStream && text === '' && answer.status >= 400) throw refusalOf(answer.status);
  // The caller has gone.
  if (response.destroyed) return;
  const bytes = Buffer.byteLength(text);
  // What was loaded once can be answered many times, and is held as text for as long as its reader takes.
  hold?.(bytes);
  answer.headers.forEach((value, name) => void response.setHeader(name, value));
  if (isStream && answer.body !== null) {
    response.writeHead(answer.status);
    return pump(answer.body, response);
  }
  end(response, answer.status, text, sendMs);
}

const isWhole = (answer: Response | Answered): answer is Answered =>
  typeof answer.text === 'string';

/** Sends a text, and cuts off who does not read it in time. */
function end(response: ServerResponse, status: number, text: string, sendMs: number): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
  const deadline = setTimeout(() => response.destroy(), sendMs);
  response.once('close', () => clearTimeout(deadline));
}

function refusalOf(status: number): GraphQLError {
  return requestError(
    status,
    status === 406
      ? 'an answer can be application/graphql-response+json, application/json or text/event-stream'
      : 'this is not a request that can be answered',
  );
}

async function pump(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  response.once('close', () => void reader.cancel().catch(() => {}));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || response.destroyed) break;
    if (!response.write(value)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve).once('close', resolve);
      });
    }
  }
  response.end();
}
