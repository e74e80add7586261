import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  /** Requests that are not answered yet. */
  underWay: number;
  timer?: NodeJS.Timeout;
}

/**
 * Ends connections on which nobody has asked anything for `idleMs` after the last answer. Node ends those that are
 * silent; a client that sends empty lines, which may precede a request (RFC 9112, 2.2), would keep one for ever.
 *
 * To be called when all who take upgrades listen. Answers what is to be told of each request.
 */
export function endIdleConnections(
  server: Server,
  idleMs: number,
): (request: IncomingMessage, response: ServerResponse) => void {
  const connections = new WeakMap<Socket, Connection>();

  const of = (socket: Socket): Connection => {
    const known = connections.get(socket) ?? { underWay: 0 };
    connections.set(socket, known);
    return known;
  };
  // From then on it speaks another protocol, which looks after itself. Where nobody listens for that already, a listener
  // would keep Node from answering such requests like all others.
  if (server.listenerCount('upgrade') > 0) {
    server.on('upgrade', ({ socket }: IncomingMessage) => {
      clearTimeout(connections.get(socket)?.timer);
      connections.delete(socket);
    });
  }

  return ({ socket }, response) => {
    const connection = of(socket);
    clearTimeout(connection.timer);
    connection.underWay += 1;
    response.once('close', () => {
      connection.underWay -= 1;
      if (connection.underWay > 0 || socket.destroyed) return;
      connection.timer = setTimeout(() => socket.destroy(), idleMs).unref();
    });
  };
}
