import { record } from '../audit/record.js';
import type { PrismaClient } from '../data/generated/client.js';
import { lockAuthority } from '../data/write/authority.js';
import { databaseClock } from '../data/write/database-clock.js';
import type { Transaction } from '../data/write/in-transaction.js';
import type { Principal } from '../policy/principal.js';
import { ownPlace } from '../policy/situation.js';
import { CREDENTIAL_KINDS, type CredentialKind } from '../secrets/credential.js';

/** A key that was found somewhere, as an operator may know it: neither its value nor what is kept of that. */
export interface FoundKey {
  readonly kind: CredentialKind;
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly organization: { readonly id: string; readonly name: string } | null;
  readonly scope: { readonly id: string; readonly name: string | null } | null;
  readonly owner: { readonly id: string; readonly email: string } | null;
  readonly team: { readonly id: string; readonly name: string } | null;
  readonly isActive: boolean;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const NAMED = { select: { id: true, name: true } } as const;
const SHOWN = {
  id: true,
  name: true,
  prefix: true,
  organization: NAMED,
  scope: NAMED,
  owner: { select: { id: true, email: true } },
  team: NAMED,
  isActive: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
} as const;

/**
 * The key that a prefix is of, whose secret part nobody needs for that (D42). Null: there is none.
 *
 * @param client the client without enforcement: whoever runs commands on the database may see whose a key is
 */
export async function findKey(
  client: Pick<PrismaClient, 'apiKey' | 'virtualKey'>,
  prefix: string,
): Promise<FoundKey | null> {
  const asked = { where: { prefix }, select: SHOWN };
  if (prefix.startsWith(CREDENTIAL_KINDS.API_KEY)) {
    const found = await client.apiKey.findUnique(asked);
    return found && { kind: 'API_KEY', ...found };
  }
  const found = await client.virtualKey.findUnique(asked);
  return found && { kind: 'VIRTUAL_KEY', ...found };
}

/**
 * Revokes a key for ever and at once (D42), recorded as done by the principal (D19). One that is revoked stays as it is.
 * Null: there is none.
 */
export async function revokeFoundKey(
  client: PrismaClient,
  principal: Principal,
  prefix: string,
): Promise<FoundKey | null> {
  const key = await findKey(client, prefix);
  if (key === null || key.organization === null) return null;
  const { id, kind } = key;
  const organizationId = key.organization.id;
  await client.$transaction(
    async (tx) => {
      // Before any row is: commands take this lock first, and the two would wait for each other (D18).
      await lockAuthority(tx, { shared: [], exclusive: [organizationId] });
      const revokedAt = await databaseClock(tx);
      const values = { revokedAt, previousHash: null, previousExpiresAt: null };
      const changed = await revoke(tx, kind, id, values);
      if (changed === null) return;
      const { before, after } = changed;
      await record(tx, {
        principal,
        place: ownPlace(principal),
        action: kind === 'API_KEY' ? 'apiKey:revoke' : 'virtualKey:revoke',
        resourceType: kind === 'API_KEY' ? 'apiKey' : 'virtualKey',
        resourceId: id,
        scopeId: before.scopeId,
        organizationId,
        ...{ before, after },
        outcome: 'PERMITTED',
        reason: 'revoked by an operator, on the command line',
      });
    },
    { isolationLevel: 'ReadCommitted' },
  );
  return findKey(client, prefix);
}

interface Revoked {
  readonly revokedAt: Date;
  readonly previousHash: null;
  readonly previousExpiresAt: null;
}

/** Null: it is gone, or somebody else has revoked it. */
async function revoke(tx: Transaction, kind: CredentialKind, id: string, data: Revoked) {
  const where = { id, revokedAt: null };
  if (kind === 'API_KEY') {
    const before = await tx.apiKey.findFirst({ where });
    return before && { before, after: await tx.apiKey.update({ where: { id }, data }) };
  }
  const before = await tx.virtualKey.findFirst({ where });
  return before && { before, after: await tx.virtualKey.update({ where: { id }, data }) };
}
