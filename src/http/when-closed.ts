import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

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
