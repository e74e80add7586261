import type { Principal } from '../../policy/principal.js';
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

/**
 * Gives an organization another version, and so has nobody else rely on its authority or write there until the
 * transaction ends. Where it is not locked for that yet, the transaction begins anew with the lock (HDA01).
 */
export async function raiseAuthority(tx: Transaction, organizationId: string): Promise<void> {
  await tx.$executeRaw`SELECT heimdall_raise_authority(ARRAY[${organizationId}::text::uuid])`;
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

/** By what a principal is read, and its vector; null: it is neither user nor key, and holds nothing. */
export function holderOf({
  kind: acting,
  userId,
  keyId,
  execution,
}: Pick<Principal, 'kind' | 'userId' | 'keyId' | 'execution'>): VectorHolder | null {
  // An execution holds what its launcher does (D30).
  const kind = acting === 'EXECUTION' ? execution?.launcherKind : acting;
  if (kind === 'API_KEY' && keyId !== null) return { apiKeyId: keyId };
  if (kind === 'VIRTUAL_KEY' && keyId !== null) return { virtualKeyId: keyId };
  return kind === 'USER' && userId !== null ? { userId } : null;
}

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

/**
 * Whether what was read with this vector is what would be read now, before the instant at which something that is held
 * ends (D48); ISO 8601, null: nothing does.
 */
export async function isCurrent(
  client: Pick<Transaction, '$queryRaw'>,
  { organizationIds, versions }: Vector,
  validUntil: string | null,
): Promise<boolean> {
  const [found] = await client.$queryRaw<{ current: boolean }[]>`
    SELECT heimdall_is_current(${[...organizationIds]}::text[]::uuid[], ${[...versions]}::text[]::uuid[])
      AND statement_timestamp() < ${validUntil ?? 'infinity'}::text::timestamptz AS current`;
  return found?.current === true;
}

/** Whether locks that were taken by an older vector cover this one; if not, the transaction begins anew. */
export function covers(locks: AuthorityLocks, { organizationIds }: Vector): boolean {
  const locked = new Set([...locks.shared, ...(locks.exclusive ?? [])]);
  return organizationIds.every((id) => locked.has(id));
}

/** What the database says of organizations that a command has not locked: by SQLSTATE, how it needs them. */
const UNLOCKED: Readonly<Record<string, 'exclusive' | 'shared'>> = {
  // It changes what somebody holds there.
  HDA01: 'exclusive',
  // It writes there, and relies on the organization's being active.
  HDO02: 'shared',
};

/** Organizations that are to be locked besides, when the transaction begins anew. */
export interface Unlocked {
  readonly how: 'exclusive' | 'shared';
  readonly organizationIds: readonly string[];
}

/** The organizations that an error of the database says were not locked; undefined: it is another error. */
export function unlockedIn(error: unknown): Unlocked | undefined {
  const how = UNLOCKED[sqlStateOf(error) ?? ''];
  if (how === undefined) return undefined;
  // In the message, and in the detail deep inside: a list of keys to print would leave that out.
  const said = `${error instanceof Error ? error.message : ''} ${JSON.stringify(error)}`;
  const found = said.match(UUIDS) ?? [];
  return { how, organizationIds: [...new Set(found)] };
}

const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
