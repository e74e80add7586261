import { reached } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { type Credential, isHashOf } from '../secrets/credential.js';
import { loadPrincipal } from './load-principal.js';

interface KeptKey {
  readonly id: string;
  readonly hash: string;
  /** Null: the key was not rotated, or the time of the value before is over. */
  readonly previousHash: string | null;
}

/**
 * Who signs in by a key (D18, D42). Null: there is no key of this value, or it may not act: it, its owner, its team or its
 * organization is not as it should be, which one statement decides (`heimdall_principal`).
 *
 * @param client the client without enforcement: nobody is known yet
 */
export async function principalOfKey(
  client: PrismaClient,
  credential: Credential,
  limits: Limits,
): Promise<Principal | null> {
  const found = await findKey(client, credential);
  if (found === null) return null;
  const reference =
    credential.kind === 'API_KEY' ? { apiKeyId: found.id } : { virtualKeyId: found.id };
  return loadPrincipal(client, reference, limits);
}

/** INVARIANT: the prefix finds a row, and the hash of the whole value alone proves it. */
async function findKey(
  client: PrismaClient,
  { kind, prefix, hash }: Credential,
): Promise<KeptKey | null> {
  const [kept] = await reached(
    kind === 'API_KEY'
      ? client.$queryRaw<KeptKey[]>`
          SELECT id::text, hash,
            CASE WHEN previous_expires_at > statement_timestamp() THEN previous_hash END AS "previousHash"
          FROM api_key WHERE prefix = ${prefix}`
      : client.$queryRaw<KeptKey[]>`
          SELECT id::text, hash,
            CASE WHEN previous_expires_at > statement_timestamp() THEN previous_hash END AS "previousHash"
          FROM virtual_key WHERE prefix = ${prefix}`,
  );
  return kept !== undefined && isHashOf(hash, [kept.hash, kept.previousHash]) ? kept : null;
}
