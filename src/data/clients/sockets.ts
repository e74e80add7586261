import type { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type pg from 'pg';

/** The sockets of a pool, kept because pg waits for a server that never says goodbye. */
export interface Sockets {
  /** Makes a socket for a connection, as pg asks for one. */
  readonly open: () => Socket;
  /** Breaks off every connection that is still there, whatever state it is in. */
  readonly destroy: () => void;
}

/** Keeps the sockets that it opens for as long as they are open. */
export function createSockets(): Sockets {
  const open = new Set<Socket>();
  return {
    open() {
      const socket = new Socket();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    destroy() {
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Keeps a connection from whoever comes next once the server has said that it ends it: the end itself comes a moment
 * later, and by then the pool may have given it away.
 */
export function dropOnceEnded(client: pg.ClientBase): void {
  // Not of pg's published types, either; the pool goes by it, and means to until there is a better way.
  const { connection } = client as unknown as { connection: EventEmitter };
  connection.on('errorMessage', ({ code, severity }: pg.DatabaseError) => {
    const isEnd = code?.startsWith('57P') || severity === 'FATAL' || severity === 'PANIC';
    if (isEnd) Object.assign(client, { _queryable: false });
  });
}

/**
 * Breaks a connection off once nothing has come for so long. The server ends a statement at its
 * deadline by itself: one that says nothing even after that is away, and would not hear a cancel.
 */
export function breakWhenSilent(client: pg.ClientBase, silentMs: number): void {
  const stream = streamOf(client);
  stream.setTimeout(silentMs, () => {
    stream.destroy(new Error('Connection terminated: the server was silent for too long'));
  });
}

/** Breaks a connection off: whatever is asked over it fails. */
export function breakOff(client: pg.ClientBase, why: string): void {
  streamOf(client).destroy(new Error(why));
}

/** Not of pg's published types: the socket, or what TLS made of it. */
const streamOf = (client: pg.ClientBase): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;
