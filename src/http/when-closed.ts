import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Responses that a connection owes, in the order in which they were asked for. */
const owed = new WeakMap<Socket, Set<ServerResponse>>();

/** One for all: an error of each answer's own would be made to be thrown away. */
const GONE = new Error('the answer has gone, or nobody waits for it');

/**
 * Aborted once an answer has gone, or nobody waits for it.
 *
 * INVARIANT: a response that waits behind others of its connection has no socket yet, and so does not hear
 * that its caller has gone. The connection tells it.
 */
export function whenClosed(socket: Socket, response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  const waiting = owed.get(socket) ?? listening(socket);
  waiting.add(response);
  response.once('close', () => {
    waiting.delete(response);
    closed.abort(GONE);
  });
  return closed.signal;
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
