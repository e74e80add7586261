import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { once } from '../request/remember.js';

/** Responses that a connection owes, in the order in which they were asked for. */
const owed = new WeakMap<Socket, Set<ServerResponse>>();

/** Runs what it is given once an answer has gone, or nobody waits for it; at once where that is so already. */
export type OnceClosed = (act: () => void) => void;

/**
 * Tells when an answer has gone, or nobody waits for it.
 *
 * INVARIANT: a response that waits behind others of its connection has no socket yet, and so does not hear
 * that its caller has gone. The connection tells it.
 */
export function whenClosed(socket: Socket, response: ServerResponse): OnceClosed {
  const waiting = owed.get(socket) ?? listening(socket);
  waiting.add(response);
  let acts: (() => void)[] | undefined = [];
  response.once('close', () => {
    waiting.delete(response);
    const due = acts ?? [];
    acts = undefined;
    for (const act of due) act();
  });
  return (act) => {
    if (acts === undefined) act();
    else acts.push(act);
  };
}

/** One for all: an error of each answer's own would be made to be thrown away. */
const GONE = new Error('the answer has gone, or nobody waits for it');

/** The same as a signal, for who waits by one. Few do, and so it is made when it is asked for. */
export function signalWhen(onceClosed: OnceClosed): () => AbortSignal {
  return once(() => {
    const closed = new AbortController();
    onceClosed(() => closed.abort(GONE));
    return closed.signal;
  });
}

function listening(socket: Socket): Set<ServerResponse> {
  const waiting = new Set<ServerResponse>();
  owed.set(socket, waiting);
  socket.once('close', () => {
    for (const response of waiting) {
      response.destroy();
      // Of one without a socket node says nothing.
      if (response.socket === null) response.emit('close');
    }
  });
  return waiting;
}
