import { isPermitted, type Session } from '../../commands/session.js';
import type { ChangeGuard, Watch } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { assertInput } from '../../execution/input.js';
import { oneOf } from '../../query/filter.js';

/** What of a schedule says what runs, when and with what: as its owner, and so said by its owner alone (D36). */
const SAID = ['cron', 'timezone', 'workflowId', 'agentId', 'input'] as const;

/**
 * What must not come of making or changing a schedule (D36): it runs with all that its owner may, and so nobody else says
 * what, nobody is made its owner but by themselves, and the owner may use what it runs.
 *
 * INVARIANT: a key, or an execution, is for less than the user behind it (D18, D30), and would not be any more.
 */
export const watchSchedule: Watch = async (session, before) => async (after) => {
  const { principal } = session;
  const isOwner = principal.kind === 'USER' && after.ownerId === principal.userId;
  const isAnothers = before === null || before.ownerId !== after.ownerId;
  const isStarted = after.isActive === true && before?.isActive !== true;
  const isSaid = before === null || SAID.some((one) => !isSame(before[one], after[one]));
  if (!isAnothers && !isStarted && !isSaid) return;
  if (!isOwner) throw forbidden('a schedule runs as its owner, who alone says so');
  const target = await whatMayBeRun(session, after);
  // What is refused at once need not be denied three times (D33, D36).
  const kind = after.workflowId === null ? 'AGENT_RUN' : 'WORKFLOW';
  const input = after.input as Readonly<Record<string, unknown>>;
  assertInput(session, String(after.organizationId), kind, target, input, ['input']);
};

/** Where it lives is where some of what it runs acts, and so its owner alone moves it. */
export const stayingPut: ChangeGuard = async ({ principal }, before, { scopeId }) => {
  if (scopeId === undefined || scopeId === before.scopeId) return;
  if (principal.kind !== 'USER' || before.ownerId !== principal.userId) {
    throw forbidden('a schedule is moved by its owner alone');
  }
};

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What it runs, which must be its owner's to use; of an agent that is PRIVATE, the permission to change it. Throws FORBIDDEN, BAD_USER_INPUT. */
async function whatMayBeRun(session: Session, row: Row): Promise<Row> {
  const { workflowId, agentId } = row;
  const model = workflowId === null ? 'Agent' : 'Workflow';
  const target = await session.readerAt(session.place).first({
    model,
    where: oneOf('id', [String(workflowId ?? agentId)]),
    select: { columns: 'unsealed' },
  });
  if (target === null || !(await mayRun(session, model, target))) {
    throw forbidden('what it runs may not be used by its owner');
  }
  if (target.kind === 'DATA_PROVIDER') {
    throw badInput([{ path: ['workflow'], message: 'a data provider runs for forms alone (D27)' }]);
  }
  return target;
}

async function mayRun(session: Session, model: string, target: Row): Promise<boolean> {
  if (await isPermitted(session, model, 'use', target)) return true;
  return (
    model === 'Agent' &&
    target.accessLevel === 'PRIVATE' &&
    target.isActive === true &&
    (await isPermitted(session, 'Agent', 'update', target))
  );
}
