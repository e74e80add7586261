import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exposition } from './exposition.js';
import type { Metrics } from './metrics.js';

/** Where metrics can be scraped. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Metrics cannot be served where they should be; one sentence for an operator. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
}

const HEADERS_MS = 5_000;

/**
 * Tells metrics at `/metrics`, on a port of their own: who can reach the gateway's does not read them.
 *
 * @throws MetricsError
 */
export async function serveMetrics(
  metrics: Metrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const registry = await exposition(metrics);
  // Those who ask at once are told the same.
  let underWay: Promise<string> | undefined;
  const told = (): Promise<string> => {
    underWay ??= registry.metrics().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS },
    async (request, response) => {
      request.resume();
      if (request.url !== '/metrics' || request.method !== 'GET') {
        return void response.writeHead(404).end();
      }
      const text = await told().catch(() => undefined);
      if (text === undefined) return void response.writeHead(500).end();
      response.writeHead(200, { 'content-type': registry.contentType }).end(text);
    },
  );
  await new Promise<void>((resolve, reject) => {
    const refused = (cause: Error) =>
      reject(
        new MetricsError(
          `metrics cannot be served on port ${port} of ${host}: set HEIMDALL_METRICS_PORT to another`,
          { cause },
        ),
      );
    server.once('error', refused).listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
