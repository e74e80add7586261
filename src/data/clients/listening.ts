import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Listen } from '../listen.js';

/** How long a connection that broke is waited with before the next: at first, and at most. */
const FIRST_MS = 100;
const MOST_MS = 10_000;

/**
 * Listens over a connection of its own, and over another where that breaks: a notification that came in between is lost, which
 * is said. INVARIANT: none of the pool's, which whoever waits would keep from who works.
 */
export function listening(open: () => Promise<pg.Client>): Listen {
  return async (channels, heard, lost) => {
    const given = new AbortController();
    const { signal } = given;
    const connect = async (): Promise<pg.Client> => {
      const client = await open();
      client.on('notification', ({ channel, payload = '' }) => heard(channel, payload));
      await client.query(channels.map((one) => `LISTEN ${pg.escapeIdentifier(one)}`).join('; '));
      return client;
    };
    let client: pg.Client | undefined = await connect();
    const again = async (): Promise<void> => {
      for (let wait = FIRST_MS; !signal.aborted; wait = Math.min(2 * wait, MOST_MS)) {
        const next = await connect().catch(() => undefined);
        if (next !== undefined) {
          keep(next);
          lost();
          return;
        }
        await setTimeout(wait, undefined, { signal }).catch(() => {});
      }
    };
    const keep = (one: pg.Client): void => {
      client = one;
      if (signal.aborted) void one.end().catch(() => {});
      else one.once('end', () => void again());
    };
    keep(client);
    return async () => {
      given.abort();
      await client?.end().catch(() => {});
    };
  };
}
