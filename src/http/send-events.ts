import type { ServerResponse } from 'node:http';
import { cursorOf, type EventResult, toldOf } from './event-result.js';

/** How often a stream says that it is still there: proxies give up what is silent for a minute. */
const PING_MS = 12_000;

/**
 * Sends the events of a subscription as server-sent events, each with its cursor as `id`, which a browser sends back as
 * `last-event-id` when it comes again. The words are those of graphql-sse: `next`, `complete`.
 *
 * INVARIANT: it reads no event before the one before it was taken, for what waits is bounded elsewhere; and who takes nothing is
 * cut off.
 */
export async function sendEvents(
  response: ServerResponse,
  results: AsyncIterable<EventResult>,
  { sendMs }: { readonly sendMs: number },
): Promise<void> {
  const events = results[Symbol.asyncIterator]();
  response.once('close', () => void events.return?.());
  if (response.destroyed) return void (await events.return?.());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  // What has no first byte yet is not shown to its reader by some.
  response.write(PING);
  const pings = setInterval(() => {
    if (!response.writableNeedDrain) response.write(PING);
  }, PING_MS).unref();
  response.once('close', () => clearInterval(pings));
  for (;;) {
    const { done, value } = await events.next();
    if (response.destroyed) return;
    if (done === true) break;
    if (!response.write(textOf(value))) await drained(response, sendMs);
  }
  response.end('event: complete\ndata:\n\n');
}

const PING = ':\n\n';

function textOf(result: EventResult): string {
  const cursor = cursorOf(result);
  const id = cursor === undefined ? '' : `id: ${cursor}\n`;
  return `${id}event: next\ndata: ${JSON.stringify(toldOf(result))}\n\n`;
}

async function drained(response: ServerResponse, sendMs: number): Promise<void> {
  const deadline = setTimeout(() => response.destroy(), sendMs);
  await new Promise<void>((resolve) => {
    const read = (): void => {
      response.off('drain', read).off('close', read);
      resolve();
    };
    response.once('drain', read).once('close', read);
  });
  clearTimeout(deadline);
}
