import { setImmediate } from 'node:timers/promises';
import type { Sql, TransactionalSql } from './clients/database.js';

/** What a rotation came to. */
export interface Rotated {
  /** How many secrets are now under the newest key that were under another. */
  readonly rotated: number;
  /** The ids of those that could not be decrypted, and stay as they are; the first hundred. */
  readonly unreadable: readonly string[];
  readonly unreadableCount: number;
  /** Whether it was told to stop before it was through. */
  readonly stopped: boolean;
}

/** What encrypts anew. */
export interface Resealing {
  /** The id of the key that it encrypts with. */
  readonly newest: string;
  /** The envelope of a config's secret as another one, under that key; throws where it does not open. */
  readonly reseal: (configId: string, envelope: string) => string;
}

export interface RotationOptions {
  /** Secrets a transaction. */
  readonly batch: number;
  /** Told to stop, it ends after the batch under way. */
  readonly signal?: AbortSignal;
  /** After each batch: how many were looked at so far. */
  readonly onProgress?: (looked: number) => void;
}

const LISTED = 100;

/**
 * Encrypts anew, under the newest key, every secret that another key encrypts, in batches of a transaction each. What is done
 * stands in the rows themselves: it can be stopped or killed at any time and run again, and several may run at once.
 *
 * INVARIANT: beside live traffic it never puts back what somebody has set meanwhile: a row is written only if its envelope
 * is still the one that was read.
 */
export async function rotateSecrets(
  sql: TransactionalSql,
  { newest, reseal }: Resealing,
  { batch, signal, onProgress = () => {} }: RotationOptions,
): Promise<Rotated> {
  let rotated = 0;
  let looked = 0;
  let unreadableCount = 0;
  const unreadable: string[] = [];
  let after: Place | null = { keyId: '', id: NOWHERE };
  while (after !== null && signal?.aborted !== true) {
    const found: Stored[] = await nextOf(sql, newest, after, batch);
    const last = found.at(-1);
    after = last === undefined ? null : { keyId: last.keyId, id: last.id };
    const anew = found.flatMap(({ id, envelope }) => {
      const sealed = resealed(reseal, id, envelope);
      if (sealed !== null) return [{ id, envelope, sealed }];
      unreadableCount += 1;
      if (unreadable.length < LISTED) unreadable.push(id);
      return [];
    });
    if (anew.length > 0) rotated += await sql.transaction((tx) => write(tx, newest, anew));
    looked += found.length;
    if (found.length > 0) onProgress(looked);
    // The embedded database gives nobody else a turn, and a signal to stop is one.
    await setImmediate();
  }
  return { rotated, unreadable, unreadableCount, stopped: after !== null };
}

/** How many secrets another key than this one encrypts. */
export async function outdatedSecrets(sql: Sql, newest: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM config
     WHERE ciphertext IS NOT NULL AND split_part(ciphertext, '.', 2) <> $1`,
    [newest],
  );
  return row?.n ?? 0;
}

interface Place {
  readonly keyId: string;
  readonly id: string;
}

interface Stored extends Place {
  readonly envelope: string;
}

const NOWHERE = '00000000-0000-0000-0000-000000000000';

/** In the order of the index by keys. What is rotated leaves it, and what cannot be read is passed by. */
function nextOf(sql: Sql, newest: string, { keyId, id }: Place, batch: number): Promise<Stored[]> {
  return sql.query<Stored>(
    `SELECT id::text, split_part(ciphertext, '.', 2) AS "keyId", ciphertext AS envelope FROM config
     WHERE ciphertext IS NOT NULL AND split_part(ciphertext, '.', 2) <> $1
       AND (split_part(ciphertext, '.', 2), id) > ($2, $3::uuid)
     ORDER BY split_part(ciphertext, '.', 2), id LIMIT $4::int`,
    [newest, keyId, id, batch],
  );
}

/** Null: its key is not configured, or it was damaged. */
function resealed(reseal: Resealing['reseal'], id: string, envelope: string): string | null {
  try {
    return reseal(id, envelope);
  } catch (error) {
    // Its key is not configured, or it is not what was stored (Node's own error).
    if (error instanceof Error) return null;
    throw error;
  }
}

interface Anew {
  readonly id: string;
  readonly envelope: string;
  readonly sealed: string;
}

/** The rows and the entry of the record in one transaction (D19). A rotation changes no value, and so no version. */
async function write(tx: Sql, newest: string, anew: readonly Anew[]): Promise<number> {
  await tx.query(`SET LOCAL lock_timeout = '10s'`);
  // In one order, as everybody locks rows.
  const locked = await tx.query<{ id: string }>(
    `SELECT id::text FROM config WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [anew.map(({ id }) => id)],
  );
  if (locked.length === 0) return 0;
  const written = await tx.query(
    `UPDATE config c SET ciphertext = n.sealed
     FROM unnest($1::uuid[], $2::text[], $3::text[]) n (id, envelope, sealed)
     WHERE c.id = n.id AND c.ciphertext = n.envelope RETURNING 1`,
    [
      anew.map(({ id }) => id),
      anew.map(({ envelope }) => envelope),
      anew.map(({ sealed }) => sealed),
    ],
  );
  if (written.length > 0) {
    await tx.query(RECORDED, [`${written.length} secrets encrypted anew with the key ${newest}`]);
  }
  return written.length;
}

const RECORDED = `
  INSERT INTO audit_entry (actor_kind, actor_label, is_switched, action, resource_type, outcome, reason)
  VALUES ('SYSTEM', 'system:rotate-secrets', false, 'config:rotateSecrets', 'config', 'PERMITTED', $1)`;
