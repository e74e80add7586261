import { isPermitted, type Session } from '../../commands/session.js';
import { actingAt } from '../../commands/spot.js';
import type { Row } from '../../data/prisma/reader.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { isDomainError } from '../../errors.js';
import { cancelExecution } from '../../execution/cancel-execution.js';
import { launch } from '../../execution/launch.js';
import { dueAfter } from '../../execution/schedules/cron.js';
import { latestDue } from '../../execution/schedules/latest-due.js';
import { LIVE } from '../../execution/transitions.js';
import { usable } from '../../execution/usable.js';
import { oneOf } from '../../query/filter.js';

/** Later than this a due time was missed, unless what ran before kept it waiting. */
const GRACE_MS = 5 * 60_000;

/** What became of a due time. */
export type Outcome = 'LAUNCHED' | 'OVERLAPPED' | 'MISSED';

/** A schedule as it fires. */
const FIRES = {
  ...{ id: true, cron: true, timezone: true, workflowId: true, agentId: true, input: true },
  ...{ scopeId: true, onOverlap: true, onMissed: true, nextAt: true, ownerId: true },
} as const;

interface Firing {
  readonly id: string;
  /** The due time that was seen: another gateway may have been there since. */
  readonly dueAt: Date;
}

/**
 * Fires a schedule that is due, as its owner (D36), whose session it is: decided by what they may at this moment, where the
 * schedule lives. Of the due times that nobody fired the last one counts for all.
 *
 * @returns what it launched; nothing, where it is another's turn or launched nothing
 * @throws DomainError whatever launching is refused by
 */
export async function fireSchedule(session: Session, { id, dueAt }: Firing): Promise<Row[]> {
  const { tx } = session;
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT FROM schedule WHERE id = ${id}::uuid AND is_active AND next_at = ${dueAt}
    FOR NO KEY UPDATE SKIP LOCKED`;
  if (locked.length === 0) return [];
  const schedule = await tx.schedule.findUniqueOrThrow({ where: { id }, select: FIRES });
  const now = await databaseClock(tx);
  const { cron, timezone, onOverlap, onMissed, ownerId } = schedule;
  const at = latestDue(cron, timezone, dueAt, now);
  const running = await tx.execution.findMany({
    where: { scheduleId: id, status: { in: [...LIVE] } },
    select: { id: true, createdById: true },
  });
  if (running.length > 0 && onOverlap === 'QUEUE') return [];
  const keeps = onOverlap === 'SKIP' || running.some((one) => one.createdById !== ownerId);
  let outcome: Outcome = 'LAUNCHED';
  if (onMissed === 'SKIP' && (await isMissed(session, id, at, now))) outcome = 'MISSED';
  else if (running.length > 0 && keeps) outcome = 'OVERLAPPED';
  // INVARIANT: each due time once (D36): whoever wrote it first fires.
  const fired = await tx.$executeRaw`
    INSERT INTO schedule_firing (schedule_id, due_at, outcome) VALUES (${id}::uuid, ${at}, ${outcome})
    ON CONFLICT DO NOTHING`;
  const launches = fired === 1 && outcome === 'LAUNCHED';
  const launched: Row[] = [];
  if (launches) {
    // What is cancelled was launched by the owner, who may: its executions are their own.
    for (const one of running) await cancelled(session, one.id);
    launched.push(await launchOf(session, schedule));
  }
  const nextAt = dueAfter(cron, timezone, now);
  const last = launches ? { lastAt: at, denials: 0 } : {};
  const next = nextAt === null ? { isActive: false, disabledReason: 'NEVER_DUE_AGAIN' } : {};
  // No change that somebody made: its version stays.
  await tx.schedule.update({
    where: { id },
    data: { nextAt, ...last, ...next },
    select: { id: true },
  });
  return launched;
}

/** Cancels it, unless it has ended since it was seen to run. */
async function cancelled(session: Session, id: string): Promise<void> {
  try {
    await cancelExecution(session, { id });
  } catch (error) {
    // No version is named, and so it is in conflict with nothing else.
    if (!isDomainError(error) || error.code !== 'CONFLICT') throw error;
  }
}

/** Whether nobody was there in time: not even once what it had launched before had ended. */
async function isMissed({ tx }: Session, id: string, at: Date, now: Date): Promise<boolean> {
  if (now.getTime() - at.getTime() <= GRACE_MS) return false;
  const { _max } = await tx.execution.aggregate({
    where: { scheduleId: id },
    _max: { finishedAt: true },
  });
  const free = _max.finishedAt;
  return free === null || now.getTime() - Math.max(at.getTime(), free.getTime()) > GRACE_MS;
}

interface Fires {
  readonly id: string;
  readonly workflowId: string | null;
  readonly agentId: string | null;
  readonly input: unknown;
  readonly scopeId: string;
}

async function launchOf(session: Session, schedule: Fires): Promise<Row> {
  const { id: scheduleId, workflowId, agentId, scopeId } = schedule;
  const { there } = await actingAt(session, scopeId);
  const shared = {
    trigger: 'SCHEDULE',
    input: schedule.input as Readonly<Record<string, unknown>>,
    scheduleId,
  } as const;
  if (workflowId !== null) {
    const target = await usable(there, 'Workflow', workflowId);
    return launch(there, { ...shared, kind: 'WORKFLOW', target });
  }
  const id = String(agentId);
  const target = (await privateAgent(there, id)) ?? (await usable(there, 'Agent', id));
  return launch(there, { ...shared, kind: 'AGENT_RUN', target });
}

/** A PRIVATE agent, which nobody uses, for whoever may change it (D36). */
async function privateAgent(session: Session, id: string): Promise<Row | null> {
  const select = { columns: 'unsealed' } as const;
  const where = oneOf('id', [id]);
  const row = await session.readerAt(session.place).first({ model: 'Agent', where, select });
  if (row?.accessLevel !== 'PRIVATE' || row.isActive !== true) return null;
  return (await isPermitted(session, 'Agent', 'update', row)) ? row : null;
}
