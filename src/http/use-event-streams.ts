import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Exchange } from './exchange.js';
import { cursorOf, type EventResult, toldOf } from './event-result.js';

const TYPE = 'text/event-stream';
/** How often a stream says that it is still there: proxies give up what is silent for a minute. */
const PING_MS = 12_000;

/**
 * Sends the events of a subscription as server-sent events, each with its cursor as `id`, which a browser sends back as
 * `last-event-id` when it comes again. The words are those of graphql-sse: `next`, `complete`.
 */
export function useEventStreams(): Plugin<object, { readonly exchange: Exchange }> {
  return {
    onResultProcess({ request, result, setResultProcessor, serverContext: { exchange } }) {
      const accepted = request.headers.get('accept') ?? '*/*';
      if (!isAsyncIterable(result) || !/text\/event-stream|text\/\*|\*\/\*/i.test(accepted)) return;
      setResultProcessor((events, { Response, ReadableStream }) => {
        if (exchange.takeEvents !== undefined) {
          exchange.takeEvents(events as AsyncIterable<EventResult>);
          return new Response(null);
        }
        const stream = streamOf(events as AsyncIterable<EventResult>, ReadableStream);
        return new Response(stream, {
          headers: { 'content-type': TYPE, 'x-accel-buffering': 'no' },
        });
      }, TYPE);
    },
  };
}

/** INVARIANT: it reads no event before the one before it was taken; what waits is bounded elsewhere. */
function streamOf(results: AsyncIterable<EventResult>, Stream: typeof ReadableStream) {
  const events = results[Symbol.asyncIterator]();
  let pings: NodeJS.Timeout | undefined;
  return new Stream<Uint8Array>({
    start(controller) {
      const ping = (): void => controller.enqueue(encoded(':\n\n'));
      // What has no first byte yet is not shown to its reader by some.
      ping();
      pings = setInterval(() => (controller.desiredSize ?? 0) > 0 && ping(), PING_MS).unref();
    },
    async pull(controller) {
      const { done, value } = await events.next();
      if (done !== true) return controller.enqueue(encoded(textOf(value)));
      clearInterval(pings);
      controller.enqueue(encoded('event: complete\ndata:\n\n'));
      controller.close();
    },
    async cancel() {
      clearInterval(pings);
      await events.return?.();
    },
  });
}

function textOf(result: EventResult): string {
  const cursor = cursorOf(result);
  const id = cursor === undefined ? '' : `id: ${cursor}\n`;
  return `${id}event: next\ndata: ${JSON.stringify(toldOf(result))}\n\n`;
}

const encoder = new TextEncoder();
const encoded = (text: string): Uint8Array => encoder.encode(text);
