import type { AuditEntry } from '../audit/entry.js';
import { record } from '../audit/record.js';
import type { Prisma, PrismaClient } from '../data/generated/client.js';
import { lockAuthority } from '../data/write/authority.js';
import { databaseClock } from '../data/write/database-clock.js';
import type { Transaction } from '../data/write/in-transaction.js';
import type { Principal } from '../policy/principal.js';
import { ownPlace } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';

/** What a sweep took away, or would. */
export interface Swept {
  readonly memberships: number;
  /** Roles that ended before the membership that they were on. */
  readonly assignments: number;
}

export interface SweepOptions {
  /** What ended at least so many days ago. */
  readonly days: number;
  /** So many are taken away in one transaction, at most. */
  readonly batch: number;
  readonly dryRun: boolean;
}

const DAY_MS = 86_400_000;
/** Whoever writes in these organizations waits for a batch. */
const BATCH_MS = 30_000;

/**
 * Takes away the memberships, and the roles on others, that have ended (D48), in batches, each recorded as done by the
 * principal (D19). They counted for nothing, so that nobody loses anything by it.
 *
 * @param client the client without enforcement: it is a job's, and asks about everybody's
 */
export async function sweepExpired(
  client: PrismaClient,
  principal: Principal,
  { days, batch, dryRun }: SweepOptions,
): Promise<Swept> {
  const now = await databaseClock(client);
  const until = { lte: new Date(now.getTime() - days * DAY_MS) };
  if (dryRun) {
    const memberships = await client.membership.count({ where: { expiresAt: until } });
    return { memberships, assignments: await client.roleAssignment.count({ where: alone(until) }) };
  }
  const drained = async (sweep: (tx: Transaction) => Promise<number | null>): Promise<number> => {
    for (let all = 0; ; ) {
      const swept = await client.$transaction(sweep, {
        isolationLevel: 'ReadCommitted',
        timeout: BATCH_MS,
      });
      if (swept === null) return all;
      all += swept;
    }
  };
  return {
    memberships: await drained((tx) => sweepMemberships(tx, principal, until, batch)),
    assignments: await drained((tx) => sweepAssignments(tx, principal, until, batch)),
  };
}

type Until = { readonly lte: Date };

/** Those on memberships that stay. */
const alone = (expiresAt: Until): Prisma.RoleAssignmentWhereInput => ({
  expiresAt,
  membership: { OR: [{ expiresAt: null }, { expiresAt: { gt: expiresAt.lte } }] },
});

const OF = { select: { organizationId: true } } as const;
/** Whose authority hangs on a membership (D18). */
const CONCERNED = {
  organizationId: true,
  user: OF,
  team: OF,
  virtualKey: OF,
  apiKey: OF,
} as const satisfies Prisma.MembershipSelect;

/** A batch of memberships; null: there are none left. */
async function sweepMemberships(
  tx: Transaction,
  principal: Principal,
  expiresAt: Until,
  take: number,
): Promise<number | null> {
  const found = await tx.membership.findMany({
    where: { expiresAt },
    orderBy: { expiresAt: 'asc' },
    take,
    select: { id: true, ...CONCERNED },
  });
  if (found.length === 0) return null;
  await lock(tx, found);
  // Who was here first may have prolonged some.
  const where = { id: { in: found.map(({ id }) => id) }, expiresAt };
  const ended = await tx.membership.findMany({
    where,
    include: { roles: { select: { roleId: true } } },
  });
  await tx.membership.deleteMany({ where });
  const entries = ended.map(({ roles, ...membership }) => {
    const before = { ...membership, roles: roles.map(({ roleId }) => roleId).sort() };
    return entryOf(principal, 'membership:delete', before, null);
  });
  await record(tx, ...entries);
  return ended.length;
}

/** A batch of roles on memberships that stay; null: there are none left. */
async function sweepAssignments(
  tx: Transaction,
  principal: Principal,
  expiresAt: Until,
  take: number,
): Promise<number | null> {
  const found = await tx.roleAssignment.findMany({
    where: alone(expiresAt),
    orderBy: { expiresAt: 'asc' },
    take,
    select: { membershipId: true, roleId: true, membership: { select: CONCERNED } },
  });
  if (found.length === 0) return null;
  await lock(
    tx,
    found.flatMap(({ membership }) => membership ?? []),
  );
  const pairs = found.map(({ membershipId, roleId }) => ({ membershipId, roleId }));
  const where = { OR: pairs, expiresAt };
  const ended = await tx.roleAssignment.findMany({ where, include: { membership: true } });
  await tx.roleAssignment.deleteMany({ where });
  const rolesOf = new Map<string, string[]>();
  for (const { membershipId, roleId } of ended) {
    rolesOf.set(membershipId, [...(rolesOf.get(membershipId) ?? []), roleId].sort());
  }
  const memberships = new Map(ended.map(({ membership }) => [membership?.id, membership]));
  const entries = [...rolesOf].flatMap(([id, roles]) => {
    const membership = memberships.get(id) ?? null;
    if (membership === null) return [];
    const [before, after] = [
      { ...membership, roles },
      { ...membership, roles: [] },
    ] as const;
    return entryOf(principal, 'membership:unassignRoles', before, after);
  });
  await record(tx, ...entries);
  return ended.length;
}

type Concerned = Prisma.MembershipGetPayload<{ select: typeof CONCERNED }>;

/** Before any row is: commands take this lock first, and the two would wait for each other (D18). */
async function lock(tx: Transaction, found: readonly Concerned[]): Promise<void> {
  const organizations = found.flatMap(({ organizationId, ...subject }) => [
    organizationId ?? PLATFORM_ROOT_ID,
    ...Object.values(subject).flatMap((one) => one?.organizationId ?? []),
  ]);
  await lockAuthority(tx, { shared: [], exclusive: [...new Set(organizations)] });
}

type Membership = Prisma.MembershipGetPayload<object> & { readonly roles: readonly string[] };

function entryOf(
  principal: Principal,
  action: string,
  before: Membership,
  after: Membership | null,
): AuditEntry {
  const { id, scopeId, organizationId } = before;
  return {
    principal,
    place: ownPlace(principal),
    action,
    resourceType: 'membership',
    resourceId: id,
    ...{ scopeId, organizationId, before, after },
    outcome: 'PERMITTED',
    reason: 'it had ended (D48)',
  };
}
