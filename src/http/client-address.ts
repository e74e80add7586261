import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address that a request came from.
 *
 * INVARIANT: of `X-Forwarded-For` only what the proxies in front have added counts, from the right: what stands left of it
 * anybody can have written.
 *
 * @param proxies how many of them stand in front; 0: the connection's own address
 */
export function clientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const own = socket.remoteAddress ?? '';
  if (proxies === 0) return own;
  const said = String(headers['x-forwarded-for'] ?? '').split(',');
  const address = said.at(-proxies)?.trim() ?? '';
  return isIP(address) === 0 ? own : address;
}
