import { jsonObject } from '../commands/checks/json.js';
import type { Session } from '../commands/session.js';
import type { Row } from '../data/prisma/reader.js';
import { badInput, conflict } from '../errors.js';
import type { ExecutionKind } from '../policy/vocabulary.js';
import { mistakesAhead } from './validating/mistakes-ahead.js';

/** D31: so long may an input be, in bytes of JSON. */
const MOST_BYTES = 256 * 1_024;

const input = jsonObject(MOST_BYTES);

/**
 * Refuses an input that cannot be kept (D31, D46), or that the workflow's own schema of its parameters refuses (D33).
 *
 * @throws DomainError BAD_USER_INPUT, naming what is wrong; CONFLICT: the schema cannot be used
 */
export function assertInput(
  session: Session,
  organizationId: string,
  kind: ExecutionKind,
  target: Row,
  value: unknown,
  path: readonly string[],
): void {
  const within = (issues: readonly { path: readonly (string | number)[]; message: string }[]) =>
    badInput(issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
  const unkept = input(value);
  if (unkept.length > 0) throw within(unkept);
  if (kind === 'AGENT_RUN' || isEmpty(target.parameters)) return;
  const mistakes = mistakesAhead(session, organizationId, 'parameters', target.parameters, value);
  if (mistakes === undefined) throw conflict('the schema of its parameters cannot be used');
  if (mistakes.length > 0) throw within(mistakes);
}

const isEmpty = (schema: unknown): boolean => Object.keys(schema as object).length === 0;
