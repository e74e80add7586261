import { record } from '../../audit/record.js';
import { runCommand } from '../../commands/run.js';
import type { PrismaClient } from '../../data/generated/client.js';
import { lockAuthority } from '../../data/write/authority.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { type DomainError, type ErrorCode, isDomainError } from '../../errors.js';
import { dueAfter } from '../../execution/schedules/cron.js';
import { latestDue } from '../../execution/schedules/latest-due.js';
import { writableOf } from '../../graphql/writable-of.js';
import type { Principal } from '../../policy/principal.js';
import { ownPlace } from '../../policy/situation.js';
import type { Context } from '../../request/context.js';
import { fireSchedule } from './fire-schedule.js';
import { schedule } from './schedule.js';

/** What fires schedules: a job of the gateway's own, on every one of them. */
export interface FiringJob {
  /** The client without enforcement: it looks for what is due, whosever it is. */
  readonly client: PrismaClient;
  /** What acts as a user, by what they may now; null: they may not act (D18). */
  readonly contextOf: (userId: string) => Promise<Context | null>;
  /** The job itself: what the record calls it when it stops a schedule. */
  readonly principal: Principal;
}

/** Up to where a pass has come among those that are due. */
export interface Reached {
  readonly dueAt: Date;
  readonly id: string;
}

/** What a pass did. */
export interface Fired {
  /** Where the next one goes on; null: at the beginning. */
  readonly reached: Reached | null;
  readonly launched: number;
  readonly denied: number;
  /** Those that failed for other reasons, and are tried again by the next pass. */
  readonly failed: readonly unknown[];
}

/** So many are fired in a pass, those that have been due longest first. */
export const AT_ONCE = 100;
/** D36: denied so often in a row, it stops. */
const MOST_DENIALS = 3;
/** Whoever writes in the organization waits for it. */
const WRITE_MS = 10_000;

interface Due {
  readonly id: string;
  readonly ownerId: string;
  readonly organizationId: string;
  readonly dueAt: Date;
}

/**
 * Fires the schedules that are due by the database's clock (D36), each as its owner and each due time once, however many
 * gateways do so at the same time. Each pass goes on where the last one came to: those that fail, however many, keep nobody waiting
 * but themselves.
 *
 * @param after where the last pass came to
 */
export async function fireDue(job: FiringJob, after: Reached | null = null): Promise<Fired> {
  // What waits for what it launched before is not due until that has ended; in an organization that is not active nothing is.
  const due = await job.client.$queryRaw<Due[]>`
    SELECT s.id::text, s.owner_id::text AS "ownerId", s.organization_id::text AS "organizationId", s.next_at AS "dueAt"
    FROM schedule s JOIN organization o ON o.id = s.organization_id AND o.is_active
    WHERE s.is_active AND s.next_at <= statement_timestamp()
      AND (${after === null}::boolean OR (s.next_at, s.id) > (${after?.dueAt ?? null}::timestamptz, ${after?.id ?? null}::text::uuid))
      AND NOT (s.on_overlap = 'QUEUE' AND EXISTS (SELECT FROM execution e
        WHERE e.schedule_id = s.id AND e.status IN ('QUEUED', 'RUNNING', 'CANCELLING')))
    ORDER BY s.next_at, s.id LIMIT ${AT_ONCE}`;
  let launched = 0;
  let denied = 0;
  const failed: unknown[] = [];
  for (const one of due) {
    try {
      const context = await job.contextOf(one.ownerId);
      if (context === null) {
        await stop(job, one, 'OWNER_INACTIVE');
        continue;
      }
      try {
        launched += (await fire(context, one)).length;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        denied += 1;
        await countDenial(job, one, error.code);
      } finally {
        context.release();
      }
    } catch (error) {
      failed.push(error);
    }
  }
  const last = due.at(-1);
  const reached = last !== undefined && due.length === AT_ONCE ? last : null;
  return { launched, denied, failed, reached };
}

const fire = (context: Context, { id, dueAt }: Due): Promise<readonly string[]> =>
  runCommand(context, {
    mutation: 'fireSchedule',
    responseKey: 'fireSchedule',
    writable: writableOf(schedule),
    action: 'fire',
    id,
    changesAuthority: false,
    run: (session) => fireSchedule(session, { id, dueAt }),
  });

/** What denies it, or refuses its input: whatever else comes between is no word about its owner, and it is tried again. */
const REFUSALS: readonly ErrorCode[] = [
  'NOT_FOUND',
  'FORBIDDEN',
  'SCOPE_FORBIDDEN',
  'BAD_USER_INPUT',
];

const isRefusal = (error: unknown): error is DomainError =>
  isDomainError(error) && REFUSALS.includes(error.code);

/** Another due time that came to nothing: the third in a row stops the schedule. */
async function countDenial(job: FiringJob, due: Due, code: string): Promise<void> {
  const stopped = await written(job, due, async (tx) => {
    const where = { id: due.id, nextAt: due.dueAt, isActive: true } as const;
    const found = await tx.schedule.findFirst({
      where,
      select: { cron: true, timezone: true, denials: true },
    });
    if (found === null) return false;
    const now = await databaseClock(tx);
    const denials = found.denials + 1;
    const at = latestDue(found.cron, found.timezone, due.dueAt, now);
    await tx.$executeRaw`INSERT INTO schedule_firing (schedule_id, due_at, outcome)
      VALUES (${due.id}::uuid, ${at}, 'DENIED') ON CONFLICT DO NOTHING`;
    const nextAt = dueAfter(found.cron, found.timezone, now);
    if (denials >= MOST_DENIALS || nextAt === null) return true;
    await tx.schedule.updateMany({ where, data: { denials, nextAt } });
    return false;
  });
  if (stopped) await stop(job, due, `DENIED: ${code}`, MOST_DENIALS);
}

/** Stops a schedule that cannot run any more, and says why; recorded as done by the job (D19). */
async function stop(job: FiringJob, due: Due, reason: string, denials = 0): Promise<void> {
  await written(job, due, async (tx) => {
    const before = await tx.schedule.findFirst({
      where: { id: due.id, nextAt: due.dueAt, isActive: true },
    });
    if (before === null) return;
    const after = await tx.schedule.update({
      where: { id: due.id },
      data: { isActive: false, nextAt: null, disabledReason: reason, denials },
    });
    await record(tx, {
      principal: job.principal,
      place: ownPlace(job.principal),
      action: 'schedule:stop',
      resourceType: 'schedule',
      resourceId: due.id,
      organizationId: before.organizationId,
      scopeId: before.scopeId,
      outcome: 'PERMITTED',
      reason,
      before,
      after,
    });
  });
}

type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

function written<T>(
  { client }: FiringJob,
  { organizationId }: Due,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return client.$transaction(
    async (tx) => {
      await lockAuthority(tx, { shared: [organizationId] });
      return work(tx);
    },
    { isolationLevel: 'ReadCommitted', timeout: WRITE_MS },
  );
}
