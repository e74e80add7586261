import type { Transaction } from './in-transaction.js';
import { sqlStateOf } from './sqlstate.js';

/** Organizations by how they are locked; the platform goes by the id of its root. */
export interface AuthorityLocks {
  /** Those that the command relies on: of the principal's vector, and where it reads or writes. */
  readonly shared: readonly string[];
  /** Those whose versions it raises, as a command does that changes what somebody holds. */
  readonly exclusive?: readonly string[];
}

/**
 * Orders the transaction before or after each change of authority in these organizations (D18), until it
 * ends. All at once and once in a transaction: a second call that asks for more is an error of the
 * database (HDA02), and a change of authority whose organization is not locked exclusively another (HDA01).
 *
 * INVARIANT: authority is read by a later statement than this one. One that waited sees what it
 * waited for only in the next.
 */
export async function lockAuthority(
  tx: Transaction,
  { shared, exclusive = [] }: AuthorityLocks,
): Promise<void> {
  await tx.$executeRaw`SELECT heimdall_lock_authority(${[...shared]}::text[]::uuid[], ${[...exclusive]}::text[]::uuid[])`;
}

/** What a principal's authority hangs on: organizations, and the version of each. */
export interface Vector {
  readonly organizationIds: readonly string[];
  readonly versions: readonly string[];
}

/** Whose: a user, or a key. */
export type VectorHolder =
  | { readonly userId: string }
  | { readonly virtualKeyId: string }
  | { readonly apiKeyId: string };

/**
 * The vector of a principal (D18): as long as it is current, the principal is what it was. To be kept with
 * a principal it has to come of the same statement (`heimdall_vector`, beside `heimdall_principal`).
 */
export async function vectorOf(
  client: Pick<Transaction, '$queryRaw'>,
  holder: VectorHolder,
): Promise<Vector> {
  const { userId, virtualKeyId, apiKeyId } = {
    userId: null,
    virtualKeyId: null,
    apiKeyId: null,
    ...holder,
  };
  const [vector] = await client.$queryRaw<Vector[]>`
    SELECT * FROM heimdall_vector(${userId}::text::uuid, ${virtualKeyId}::text::uuid, ${apiKeyId}::text::uuid)`;
  if (vector === undefined) throw new Error('the database answers no vector');
  return vector;
}

/** Whether locks that were taken by an older vector cover this one; if not, the transaction begins anew. */
export function covers(locks: AuthorityLocks, { organizationIds }: Vector): boolean {
  const locked = new Set([...locks.shared, ...(locks.exclusive ?? [])]);
  return organizationIds.every((id) => locked.has(id));
}

/** A change of authority in organizations that were not locked for it. */
const UNLOCKED = 'HDA01';

/** The organizations that an error of the database says were not locked exclusively; none of another error. */
export function unlockedIn(error: unknown): readonly string[] {
  if (sqlStateOf(error) !== UNLOCKED) return [];
  // They are in the detail, deep inside: a list of keys to print would leave it out.
  const found = JSON.stringify(error).match(UUIDS) ?? [];
  return [...new Set(found)];
}

const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
