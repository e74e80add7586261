import { recordWrite } from '../commands/record.js';
import type { Session } from '../commands/session.js';
import { actingAt } from '../commands/spot.js';
import { uuid7 } from '../commands/uuid7.js';
import type { Row } from '../data/prisma/reader.js';
import { badInput, badUserInput } from '../errors.js';
import { rootScopeId } from '../policy/root-scope.js';
import type { ExecutionKind, ExecutionTrigger } from '../policy/vocabulary.js';
import type { ScopeRequest } from '../request/place.js';
import { assertInput } from './input.js';
import { childOf, launcherOf } from './launcher.js';
import { sameAsked } from './same-asked.js';
import { usable } from './usable.js';

/** What is to be launched, by whom the session is of. */
export interface Launch {
  readonly kind: ExecutionKind;
  /**
   * The workflow or the agent, as it was read and decided in this session: `usable` does both. INVARIANT: nothing that was
   * not decided is launched; of a PRIVATE agent whoever delegates to it decides, and of what a schedule names its owner.
   */
  readonly target: Row;
  readonly trigger: ExecutionTrigger;
  readonly input: Readonly<Record<string, unknown>>;
  /** What of it the launcher is shown, where a form has put in what they are not told (D33); left out, all of it. */
  readonly submitted?: Readonly<Record<string, unknown>> | null;
  /** Where in the caller's input that stands, for what is wrong with it. */
  readonly inputPath?: readonly string[];
  /** Where to act (D4); left out, where the session does. */
  readonly scope?: ScopeRequest;
  readonly notBefore?: Date | null | undefined;
  readonly formId?: string;
  readonly scheduleId?: string;
  readonly conversationId?: string;
  /** The execution whose worker launches it, by its token: its child. */
  readonly parentId?: string | null;
  readonly retryOfId?: string;
}

/** Of an agent, which says nothing of it. */
const AGENTS = { queue: 'agents', maxAttempts: 1, timeoutSeconds: 1_800 };

/** How far ahead something may be put off. */
const MOST_AHEAD_MS = 366 * 24 * 3_600_000;

/**
 * Launches an execution (D31, D33): everything that ever runs began here. It is decided by what the session's principal may,
 * in its transaction, and recorded with it; workers are told when it commits.
 *
 * @returns the execution, QUEUED; of a data provider perhaps one that its launcher has launched before
 * @throws DomainError NOT_FOUND, FORBIDDEN: the app that it comes from; BAD_USER_INPUT, LIMIT_EXCEEDED, SCOPE_FORBIDDEN,
 *   UNAUTHENTICATED: nobody can be its launcher
 */
export async function launch(session: Session, request: Launch): Promise<Row> {
  const { spot, there } = await actingAt(session, request.scope);
  const { kind, target, input, notBefore = null } = request;
  const organizationId = spot.organizationId ?? session.principal.organizationId;
  // INVARIANT: whatever an execution launches is its child, by whatever mutation: within its limits, and ended with it (D33).
  const parentId = request.parentId ?? session.principal.execution?.id ?? null;
  const launcher = await launcherOf(session, parentId);
  if (organizationId === null) throw badUserInput('nothing runs outside of every organization');
  assertKind(kind, target);
  assertThere(target, organizationId);
  assertDue(notBefore);
  assertInput(session, organizationId, kind, target, input, request.inputPath ?? ['input']);
  const of = await childOf(there, parentId, organizationId);
  const from = await fromApp(there, request);
  const scopeId = placeOf(target, organizationId, spot);
  // INVARIANT: all that decides has decided by now, also about what is answered again (D27).
  const earlier =
    kind === 'DATA_PROVIDER'
      ? await sameAsked(session, { target, input, organizationId, scopeId, ...launcher })
      : null;
  if (earlier !== null) return earlier;
  const id = uuid7();
  const row = await session.writer.insert('Execution', {
    id,
    kind,
    trigger: from.trigger,
    ...(kind === 'AGENT_RUN' ? { agentId: target.id } : { workflowId: target.id }),
    targetName: target.name,
    targetVersion: target.version,
    ...(kind === 'AGENT_RUN' ? AGENTS : claimsOf(target)),
    formId: request.formId ?? null,
    appId: from.appId,
    scheduleId: request.scheduleId ?? null,
    conversationId: request.conversationId ?? null,
    retryOfId: request.retryOfId ?? null,
    rootId: id,
    ...of,
    ...launcher,
    notBefore,
    input,
    ...(request.submitted == null ? {} : { submitted: request.submitted }),
    organizationId,
    scopeId,
  });
  recordWrite(there, asWritten(there), 'launch', null, row);
  return row;
}

/** What the record needs to know of executions. */
export const asWritten = ({ guarding }: Session) => ({
  resource: 'execution' as const,
  policy: guarding.decisions.policy('Execution'),
});

const claimsOf = ({ queue, maxAttempts, timeoutSeconds }: Row) => ({
  queue,
  maxAttempts,
  timeoutSeconds,
});

/** D27: what answers options is asked for them alone. */
function assertKind(kind: ExecutionKind, target: Row): void {
  if (kind === 'AGENT_RUN' || target.kind === kind) return;
  throw badUserInput(
    kind === 'WORKFLOW'
      ? 'a data provider is not run: a form asks it for options'
      : 'only a data provider is asked for options',
  );
}

/** D13, D20: it runs in one organization, and what it runs is of that one or global. Whoever may use it learns nothing here. */
function assertThere(target: Row, organizationId: string): void {
  if (target.organizationId === null || target.organizationId === organizationId) return;
  throw badUserInput('it is of another organization than the one that you act in: name its scope');
}

function assertDue(notBefore: Date | null): void {
  if (notBefore === null || notBefore.getTime() <= Date.now() + MOST_AHEAD_MS) return;
  throw badInput([{ path: ['notBefore'], message: 'it is more than 366 days away' }]);
}

/** D30: its own scope, in its tenant; of what is global the scope that is acted in, or the root of the caller's organization. */
function placeOf(
  target: Row,
  organizationId: string,
  spot: { readonly scopeId: string; readonly organizationId: string | null },
): string {
  if (target.organizationId === organizationId) return String(target.scopeId);
  return spot.organizationId === null ? rootScopeId(organizationId) : spot.scopeId;
}

/** D31: the app that the request comes from, if it names one: it must be the caller's to use. */
async function fromApp(session: Session, { trigger }: Launch) {
  const { appId } = session;
  if (appId === null || (trigger !== 'API' && trigger !== 'FORM')) return { trigger, appId: null };
  const app = await usable(session, 'App', appId);
  return { trigger: trigger === 'API' ? 'APP' : trigger, appId: app.id };
}
