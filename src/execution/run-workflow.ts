import type { Session } from '../commands/session.js';
import { actingAt } from '../commands/spot.js';
import type { Row } from '../data/prisma/reader.js';
import { badUserInput } from '../errors.js';
import type { ScopeRequest } from '../request/place.js';
import { launch } from './launch.js';
import { usable } from './usable.js';

export interface Run {
  readonly workflow: string;
  readonly input: unknown;
  readonly scope?: ScopeRequest;
  readonly notBefore?: Date | null | undefined;
  /** The execution that runs it, by its token. */
  readonly parentId?: string | null;
}

/**
 * Runs a workflow (D33): launches it with an input that the schema of its parameters allows.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN: it may be read, and not used; BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export async function runWorkflow(session: Session, run: Run): Promise<Row> {
  const { there } = await actingAt(session, run.scope);
  const target = await usable(there, 'Workflow', run.workflow);
  return launch(there, {
    kind: 'WORKFLOW',
    target,
    trigger: run.parentId ? 'AGENT' : 'API',
    input: inputOf(run.input),
    notBefore: run.notBefore,
    parentId: run.parentId ?? null,
  });
}

function inputOf(input: unknown): Readonly<Record<string, unknown>> {
  if (input === null || input === undefined) return {};
  if (typeof input === 'object' && !Array.isArray(input)) return input as Record<string, unknown>;
  throw badUserInput('the input of a workflow is an object, by the names of its parameters');
}
