import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens where the benchmark says and tells it when; ends when asked to.
 *
 * @param release gives back what the process holds, once nothing is answered any more
 */
export function announce(server: Server, release: () => Promise<void>): void {
  process.once('SIGTERM', () => {
    server.close(() => void release());
    server.closeAllConnections();
  });
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}
