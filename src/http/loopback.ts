import type { IncomingMessage } from 'node:http';

/** Whether connections to this host can only come from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What a proxy adds: behind one the connection says nothing about who asks. */
const OF_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Whether somebody at this machine asks, from a page of this gateway or from no page at all.
 *
 * INVARIANT: no other site can ask through a browser here: neither from a page of its own (Origin), nor
 * by a name of its own that leads to this machine (Host).
 */
export function isOwnMachine({ socket, headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  return (
    isLoopback(address) &&
    isLoopback(hostNameOf(host)) &&
    !OF_PROXIES.some((name) => headers[name] !== undefined) &&
    (origin === undefined || origin === `http://${host}`)
  );
}

function hostNameOf(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
