import { reached } from '../data/clients/unreachable.js';
import { holderOf, type Vector } from '../data/write/authority.js';
import type { Transaction } from '../data/write/in-transaction.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { loadExecution } from './execution-credential.js';
import {
  type HeldRow,
  type PrincipalRow,
  principalFromRow,
  principalHolding,
  principalOfTeam,
  type TeamRow,
} from './principal-row.js';

/** A user, by id or by the name that an identity provider has for them; or a key. */
export type Reference =
  | { readonly userId: string }
  | { readonly issuer: string; readonly subject: string }
  | { readonly apiKeyId: string }
  | { readonly virtualKeyId: string };

/** A user alone. */
export type UserReference = Exclude<
  Reference,
  { readonly apiKeyId: string } | { readonly virtualKeyId: string }
>;

/** A principal with the authority that it was read with: as long as that is current, it is what it was (D18). */
export interface Proved {
  readonly principal: Principal;
  readonly vector: Vector;
}

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
  const { userId, issuer, subject, virtualKeyId, apiKeyId } = whole(reference);
  const [row] = await reached(client.$queryRaw<PrincipalRow[]>`
    SELECT p.*, statement_timestamp() AS "readAt", CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
      THEN heimdall_team_members(p."teamIds", ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM heimdall_principal(${userId}::uuid, ${issuer}::text, ${subject}::text,
      ${virtualKeyId}::uuid, ${apiKeyId}::uuid) p`);
  const kind = apiKeyId !== null ? 'API_KEY' : virtualKeyId !== null ? 'VIRTUAL_KEY' : 'USER';
  return row === undefined ? null : principalFromRow(row, limits, kind);
}

/** The same of a user, with their authority, of the same moment. */
export async function loadProved(
  client: Transaction,
  reference: UserReference,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Proved | null> {
  const { userId, issuer, subject } = whole(reference);
  const [row] = await reached(client.$queryRaw<(PrincipalRow & Vector)[]>`
    SELECT p.*, v.*, statement_timestamp() AS "readAt", CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
      THEN heimdall_team_members(p."teamIds", ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM heimdall_principal(${userId}::uuid, ${issuer}::text, ${subject}::text) p
    CROSS JOIN LATERAL heimdall_vector(p."userId"::uuid) v`);
  if (row === undefined) return null;
  const { organizationIds, versions } = row;
  return { principal: principalFromRow(row, limits), vector: { organizationIds, versions } };
}

function whole(reference: Reference) {
  return {
    ...{ userId: null, issuer: null, subject: null, virtualKeyId: null, apiKeyId: null },
    ...reference,
  };
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
 * Teams as somebody who acts as one alone, with nobody behind it (D42), in one statement, by id; one of an organization
 * that is not active is not among them (D18).
 *
 * @param client the client without enforcement: whoever asks about them has been asked whether they may
 */
export async function loadTeams(
  client: Transaction,
  teamIds: readonly string[],
  limits: Limits = DEFAULT_LIMITS,
): Promise<ReadonlyMap<string, Principal>> {
  const rows = await reached(client.$queryRaw<TeamRow[]>`
    SELECT p.*, ARRAY[p."teamId"] AS "teamIds", statement_timestamp() AS "readAt",
      CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
        THEN heimdall_team_members(ARRAY[p."teamId"], ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM unnest(${[...teamIds]}::uuid[]) t (id)
    CROSS JOIN LATERAL heimdall_team_principal(t.id) p`);
  return new Map(rows.map((row) => [row.teamId, principalOfTeam(row, limits)]));
}

/**
 * A principal as they would be without each of these sets of overrides (D9), in one statement, in the order of the sets.
 *
 * @param client the client without enforcement: it tells what whoever asks may be told of
 */
export async function loadWithout(
  client: Transaction,
  principal: Principal,
  sets: readonly (readonly string[])[],
): Promise<readonly Principal[]> {
  const { userId, teams } = principal;
  const rows = await reached(client.$queryRaw<HeldRow[]>`
    SELECT h.roles, h.grants
    FROM jsonb_array_elements(${JSON.stringify(sets)}::jsonb) WITH ORDINALITY s (ids, n)
    CROSS JOIN LATERAL heimdall_holdings(
      ARRAY(SELECT id FROM membership WHERE user_id = ${userId}::text::uuid
        UNION ALL SELECT id FROM membership WHERE team_id = ANY (${teams.resolved ? [...teams.ids] : []}::text[]::uuid[])),
      ARRAY(SELECT jsonb_array_elements_text(s.ids)::uuid)) h
    ORDER BY s.n`);
  return rows.map((row) => principalHolding(principal, row));
}

/**
 * Who acts, as they are now: what a write is decided by, read in its transaction. Null where they may not act any
 * more, and of who is neither user, key nor execution.
 */
export async function loadPrincipalAnew(
  tx: Transaction,
  principal: Principal,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Principal | null> {
  const { execution } = principal;
  if (execution !== undefined) return loadExecution(tx, execution, limits);
  const reference = holderOf(principal);
  return reference === null ? null : loadPrincipal(tx, reference, limits);
}
