import type { Principal } from '../policy/principal.js';
import type { Prisma } from './generated/client.js';

/** What came of a mutation: a word and the ids of rows, which are read again under today's authority. */
export type Outcome = Readonly<Record<string, unknown>>;

export interface Claim {
  readonly principal: Principal;
  /** The Idempotency-Key header, as it came. */
  readonly key: string;
  /** Of everything that the request does: its operation, its variables, and where it acts. */
  readonly payloadHash: string;
  /** What may have been kept of the same request before. */
  readonly formerHashes?: readonly string[];
  /** Which mutation of the request, by its response key: each is a transaction of its own. */
  readonly field: string;
}

type Sender = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>;

interface Kept {
  readonly payload_hash: string;
  readonly outcome: Outcome | null;
}

/**
 * Whether this is the first mutation with the key, by its principal, within 24 hours; else what came of the first, or
 * that it was another request. The first statement of its transaction: of two at once the second waits for
 * the first to end, and is the first itself if that one was undone (issue 11).
 */
export async function claimKey(
  tx: Sender,
  { principal, key, payloadHash, formerHashes = [], field }: Claim,
): Promise<'first' | 'conflict' | { readonly replay: Outcome }> {
  const owner = ownerOf(principal);
  // A key that has expired, and was not swept yet, is claimed anew; any other is locked, and so not swept either.
  const claimed = await tx.$queryRaw<unknown[]>`
    INSERT INTO idempotency_key (principal, key, payload_hash, expires_at)
    VALUES (${owner}, ${key}, ${payloadHash}, now() + interval '24 hours')
    ON CONFLICT (principal, key) DO UPDATE
      SET payload_hash = excluded.payload_hash, outcome = NULL, expires_at = excluded.expires_at
      WHERE idempotency_key.expires_at <= now()
    RETURNING 1 AS claimed`;
  if (claimed.length > 0) return 'first';
  const [kept] = await tx.$queryRaw<Kept[]>`
    SELECT payload_hash, outcome -> ${field}::text AS outcome
    FROM idempotency_key WHERE principal = ${owner} AND key = ${key}`;
  if (kept === undefined) throw new Error('an idempotency key was swept while it was claimed');
  if (![payloadHash, ...formerHashes].includes(kept.payload_hash)) return 'conflict';
  // Another mutation of the same request was done, and this one was not.
  return kept.outcome === null ? 'first' : { replay: kept.outcome };
}

/**
 * Keeps what came of the mutation that claimed the key, in its transaction. INVARIANT: ids and words alone, never
 * a secret, and nothing that a reader would have to be permitted.
 */
export async function storeOutcome(
  tx: Sender,
  { principal, key, field }: Pick<Claim, 'principal' | 'key' | 'field'>,
  outcome: Outcome,
): Promise<void> {
  const stored = await tx.$executeRaw`
    UPDATE idempotency_key
    SET outcome = coalesce(outcome, '{}') || jsonb_build_object(${field}::text, ${JSON.stringify(outcome)}::jsonb)
    WHERE principal = ${ownerOf(principal)} AND key = ${key} AND outcome -> ${field}::text IS NULL`;
  if (stored !== 1) throw new Error('an outcome is stored once, by whoever claimed the key');
}

/** INVARIANT: a key is its principal's own; nobody is answered what came of another's mutation. */
function ownerOf({ kind, userId, organizationId, label }: Principal): string {
  return JSON.stringify([kind, organizationId, userId, label]);
}
