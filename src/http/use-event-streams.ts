import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { EventResult } from './event-result.js';
import type { Exchange } from './exchange.js';

const TYPE = 'text/event-stream';

/** Hands the events of a subscription to whoever sends them, as server-sent events or over a socket. */
export function useEventStreams(): Plugin<object, { readonly exchange: Exchange }> {
  return {
    onResultProcess({ request, result, setResultProcessor, serverContext: { exchange } }) {
      const accepted = request.headers.get('accept') ?? '*/*';
      const { takeEvents } = exchange;
      if (takeEvents === undefined || !isAsyncIterable(result)) return;
      if (!/text\/event-stream|text\/\*|\*\/\*/i.test(accepted)) return;
      setResultProcessor((events, { Response }) => {
        takeEvents(events as AsyncIterable<EventResult>);
        return new Response(null);
      }, TYPE);
    },
  };
}
