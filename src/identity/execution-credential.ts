import { reached } from '../data/clients/unreachable.js';
import type { Transaction } from '../data/write/in-transaction.js';
import type { Limits } from '../limits/limits.js';
import { capOf, isFor } from '../policy/operations.js';
import type { Principal, Running } from '../policy/principal.js';
import { canActAnywhere } from '../policy/situation.js';
import { isHashOf } from '../secrets/credential.js';
import type { ExecutionToken } from '../secrets/lease.js';
import { deepFreeze } from './deep-freeze.js';
import { type PrincipalRow, principalFromRow } from './principal-row.js';

/** What the one statement of `loadExecution` answers: its launcher, and what it may of what they may. */
interface ExecutionRow extends PrincipalRow {
  readonly leaseHash: string | null;
  readonly launcherKind: Running['launcherKind'];
  readonly runsIn: string;
  readonly chain: readonly string[];
  readonly isPrivileged: boolean;
  readonly carriesAdmin: boolean;
  readonly carriesProvider: boolean;
  /** As a workflow has them. */
  readonly cap: readonly string[];
}

/** An attempt, by id. */
type Attempt = Pick<Running, 'id' | 'attempt'>;

/**
 * Who calls with an execution's token (D30, D33). Null: it proves no attempt that may act.
 *
 * @param client the client without enforcement: nobody is known yet
 */
export async function principalOfToken(
  client: Transaction,
  { executionId: id, attempt, hash }: ExecutionToken,
  limits: Limits,
): Promise<Principal | null> {
  const row = await readRow(client, { id, attempt }, limits);
  // INVARIANT: the id finds a row, and the hash of what is secret alone proves it.
  if (row === undefined || !isHashOf(hash, [row.leaseHash])) return null;
  return principalFrom(row, { id, attempt }, limits);
}

/** The same, of an attempt that has proved itself before, as it is now. */
export async function loadExecution(
  tx: Transaction,
  attempt: Attempt,
  limits: Limits,
): Promise<Principal | null> {
  const row = await readRow(tx, attempt, limits);
  return row === undefined ? null : principalFrom(row, attempt, limits);
}

/** The rules of who may act are in the database's function, beside the tables that they read. */
async function readRow(
  client: Transaction,
  { id, attempt }: Attempt,
  limits: Limits,
): Promise<ExecutionRow | undefined> {
  const [row] = await reached(client.$queryRaw<ExecutionRow[]>`
    SELECT p.*, statement_timestamp() AS "readAt", CASE WHEN p.grants @> '[{"dataAccess": "TEAM_DATA"}]'
      THEN heimdall_team_members(p."teamIds", ${limits.teamMembers}::int) END AS "teamMemberIds"
    FROM heimdall_execution_principal(${id}::text::uuid, ${attempt}::int) p`);
  return row;
}

/**
 * INVARIANT: it never has more than its launcher has at this moment, but for its privilege where it runs; and where they may not
 * act any more, neither may it.
 */
function principalFrom(row: ExecutionRow, { id, attempt }: Attempt, limits: Limits) {
  const { launcherKind, runsIn, chain, isPrivileged, carriesAdmin, carriesProvider, cap } = row;
  const launcher = principalFromRow(row, limits, launcherKind);
  if (launcher.organizationId !== runsIn && !canActAnywhere(launcher)) return null;
  const operations = within(launcher.operations, cap);
  const counts = (grant: Principal['grants'][number]): boolean =>
    isFor({ operations }, grant.resourceType, grant.action);
  const principal: Principal = {
    ...launcher,
    kind: 'EXECUTION',
    label: `execution:${id}`,
    operations,
    isPlatformAdmin: launcher.isPlatformAdmin && carriesAdmin,
    isProvider: launcher.isProvider && carriesProvider,
    grants: launcher.grants.filter(counts),
    conditional: launcher.conditional.filter(counts),
    execution: { id, attempt, launcherKind, organizationId: runsIn, chain, isPrivileged },
  };
  return deepFreeze(principal);
}

/** What both are for; null: no cap. */
function within(
  operations: readonly string[] | null,
  operationsOfWorkflow: readonly string[],
): readonly string[] | null {
  const cap = capOf(operationsOfWorkflow);
  if (cap === null) return operations;
  return operations === null ? [...cap] : operations.filter((one) => cap.includes(one));
}
