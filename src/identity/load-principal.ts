import { reached } from '../data/clients/unreachable.js';
import { holderOf } from '../data/write/authority.js';
import type { Transaction } from '../data/write/in-transaction.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { type PrincipalRow, principalFromRow } from './principal-row.js';

/** A user, by id or by the name that an identity provider has for them; or a key. */
export type Reference =
  | { readonly userId: string }
  | { readonly issuer: string; readonly subject: string }
  | { readonly apiKeyId: string }
  | { readonly virtualKeyId: string };

/**
 * Reads a user or a key and everything that they hold, in one statement, so that it is all of one moment.
 * Null: there is no such user or key, or it may not act (D18, D42). The rules are in the database's function, beside
 * the tables that they read.
 *
 * @param client the client without enforcement: nobody is known yet
 */
export async function loadPrincipal(
  client: Transaction,
  reference: Reference,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Principal | null> {
  const { userId, issuer, subject, virtualKeyId, apiKeyId } = {
    ...{ userId: null, issuer: null, subject: null, virtualKeyId: null, apiKeyId: null },
    ...reference,
  };
  const [row] = await reached(client.$queryRaw<PrincipalRow[]>`
    SELECT p.*, statement_timestamp() AS "readAt", CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
      THEN heimdall_team_members(p."teamIds", ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM heimdall_principal(${userId}::uuid, ${issuer}::text, ${subject}::text,
      ${virtualKeyId}::uuid, ${apiKeyId}::uuid) p`);
  const kind = apiKeyId !== null ? 'API_KEY' : virtualKeyId !== null ? 'VIRTUAL_KEY' : 'USER';
  return row === undefined ? null : principalFromRow(row, limits, kind);
}

/**
 * Users with everything that they hold, in one statement, by id; who may not act is not among them (D18).
 *
 * @param client the client without enforcement: whoever asks about them has been asked whether they may
 */
export async function loadPrincipals(
  client: Transaction,
  userIds: readonly string[],
  limits: Limits = DEFAULT_LIMITS,
): Promise<ReadonlyMap<string, Principal>> {
  const rows = await reached(client.$queryRaw<PrincipalRow[]>`
    SELECT p.*, statement_timestamp() AS "readAt", CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
      THEN heimdall_team_members(p."teamIds", ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM unnest(${[...userIds]}::uuid[]) u (id)
    CROSS JOIN LATERAL heimdall_principal(u.id, NULL, NULL) p`);
  const principals = rows.map((row) => principalFromRow(row, limits));
  return new Map(principals.map((one) => [String(one.userId), one]));
}

/**
 * Who acts, as they are now: what a write is decided by, read in its transaction. Null where they may not act any
 * more, and of who is neither user nor key.
 */
export async function loadPrincipalAnew(
  tx: Transaction,
  principal: Principal,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Principal | null> {
  const reference = holderOf(principal);
  return reference === null ? null : loadPrincipal(tx, reference, limits);
}
