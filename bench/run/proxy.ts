import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** What a contestant sent to the database. */
export interface Statements {
  /** Every one that was executed. */
  readonly all: number;
  /** Those of them that only open, close or set up a transaction or a session. */
  readonly control: number;
}

export interface StatementCounter {
  /** The database, through the counter. */
  readonly url: string;
  /** What was executed since the last time. */
  take(): Statements;
  close(): Promise<void>;
}

const CONTROL =
  /^\s*(?:BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|DISCARD|DEALLOCATE|SELECT\s+(?:pg_catalog\.)?set_config)\b/i;

/** A TCP proxy before the database that counts what is executed, whatever library sends it. */
export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl);
  let all = 0;
  let control = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const read = frontend((text) => {
      all += 1;
      if (CONTROL.test(text)) control += 1;
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', read);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    take() {
      const taken = { all, control };
      all = 0;
      control = 0;
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Reads the messages of one client: simple queries, and executions of portals with the text of the
 * statement that each was made of. An unencrypted connection is taken for granted.
 */
function frontend(onStatement: (text: string) => void): (chunk: Buffer) => void {
  const statements = new Map<string, string>();
  const portals = new Map<string, string>();
  let pending: Buffer = Buffer.alloc(0);
  let isStarted = false;

  const take = (type: string, body: Buffer): void => {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
    if (type === 'Q') onStatement(body.toString('utf8'));
    if (type === 'P') statements.set(first, second);
    if (type === 'B') portals.set(first, statements.get(second) ?? '');
    if (type === 'E') onStatement(portals.get(first) ?? '');
  };

  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      // The first message, and a request for encryption before it, has no type.
      const header = isStarted ? 1 : 0;
      if (pending.length < header + 4) return;
      const end = header + pending.readUInt32BE(header);
      if (pending.length < end) return;
      if (isStarted) take(String.fromCharCode(pending[0] ?? 0), pending.subarray(5, end));
      else isStarted = !isEncryptionRequest(pending);
      pending = pending.subarray(end);
    }
  };
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

function isEncryptionRequest(message: Buffer): boolean {
  const code = message.length >= 8 ? message.readUInt32BE(4) : 0;
  return code === SSL_REQUEST || code === GSS_REQUEST;
}
