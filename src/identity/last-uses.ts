import type { PrismaClient } from '../data/generated/client.js';
import type { Principal } from '../policy/principal.js';

/** How many keys' uses wait to be written; of more, who comes first. */
const MOST = 10_000;

/** Where the last uses of keys are noted, and written now and then. */
export interface LastUses {
  note(principal: Principal): void;
  /** Writes what was noted. What cannot be written is let go: it says when, and decides nothing. */
  flush(): Promise<void>;
}

/**
 * When keys were used last, kept without a write a request: noted in memory, one entry a key, and written in two statements.
 * What a gateway that was killed had noted is lost.
 */
export function createLastUses(
  client: PrismaClient,
  onFailure: (error: unknown) => void,
  now: () => Date = () => new Date(),
): LastUses {
  const noted = { API_KEY: new Map<string, Date>(), VIRTUAL_KEY: new Map<string, Date>() };
  return {
    note({ kind, keyId }) {
      if ((kind !== 'API_KEY' && kind !== 'VIRTUAL_KEY') || keyId === null) return;
      const uses = noted[kind];
      if (uses.has(keyId) || uses.size < MOST) uses.set(keyId, now());
    },
    async flush() {
      for (const kind of ['API_KEY', 'VIRTUAL_KEY'] as const) {
        const uses = noted[kind];
        if (uses.size === 0) continue;
        noted[kind] = new Map();
        await write(client, kind, uses).catch(onFailure);
      }
    },
  };
}

/** Who is being changed is passed by: neither waits for the other, and the next use is noted again. */
async function write(
  client: PrismaClient,
  kind: 'API_KEY' | 'VIRTUAL_KEY',
  uses: ReadonlyMap<string, Date>,
): Promise<void> {
  const ids = [...uses.keys()];
  const moments = [...uses.values()].map((at) => at.toISOString());
  if (kind === 'API_KEY') {
    await client.$executeRaw`
      UPDATE api_key k SET last_used_at = u.at
      FROM unnest(${ids}::text[]::uuid[], ${moments}::text[]::timestamptz[]) u (id, at)
      WHERE k.id = u.id AND coalesce(k.last_used_at < u.at, true) AND k.id IN (
        SELECT l.id FROM api_key l WHERE l.id = ANY (${ids}::text[]::uuid[]) ORDER BY l.id FOR NO KEY UPDATE SKIP LOCKED)`;
  } else {
    await client.$executeRaw`
      UPDATE virtual_key k SET last_used_at = u.at
      FROM unnest(${ids}::text[]::uuid[], ${moments}::text[]::timestamptz[]) u (id, at)
      WHERE k.id = u.id AND coalesce(k.last_used_at < u.at, true) AND k.id IN (
        SELECT l.id FROM virtual_key l WHERE l.id = ANY (${ids}::text[]::uuid[]) ORDER BY l.id FOR NO KEY UPDATE SKIP LOCKED)`;
  }
}
