import type { Session } from '../commands/session.js';
import { actingAt } from '../commands/spot.js';
import type { Row } from '../data/prisma/reader.js';
import { badInput, badUserInput, conflict, forbidden, isDomainError } from '../errors.js';
import type { ScopeRequest } from '../request/place.js';
import { mistakesOfValues, submitted } from './form-values.js';
import { launch } from './launch.js';
import { usable } from './usable.js';

export interface Submission {
  readonly form: string;
  readonly values: unknown;
  readonly scope?: ScopeRequest;
}

/**
 * Submits a form: launches its workflow with the values, which its own fields must allow (D33). To use the form is not
 * enough: the workflow must be the submitter's to use as well.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN: not to be used, or not the workflow; BAD_USER_INPUT, naming the field; CONFLICT: the
 *   form launches nothing
 */
export async function submitForm(session: Session, submission: Submission): Promise<Row> {
  const { spot, there } = await actingAt(session, submission.scope);
  const form = await usable(there, 'Form', submission.form);
  if (typeof form.workflowId !== 'string') throw conflict('the form launches nothing');
  const workflow = await workflowOfForm(there, form.workflowId);
  const values = valuesIn(submission.values);
  const whose = spot.organizationId ?? spot.scopeId;
  const mistakes = mistakesOfValues(session, whose, form.fields, values);
  if (mistakes.length > 0) {
    throw badInput(mistakes.map((one) => ({ ...one, path: ['values', ...one.path] })));
  }
  const said = submitted(form.fields, values);
  const fixed = form.fixedParameters as object;
  return launch(there, {
    kind: 'WORKFLOW',
    target: workflow,
    trigger: 'FORM',
    input: { ...said, ...fixed },
    // INVARIANT: what a form fixes is for its managers, and its submitters see their executions.
    submitted: Object.keys(fixed).length === 0 ? null : said,
    inputPath: ['values'],
    formId: form.id,
  });
}

/**
 * A workflow that a form names. D14: who may use the form knows that it has one, and is told that it is not theirs: hidden or
 * not, the same.
 *
 * @throws DomainError FORBIDDEN
 */
export async function workflowOfForm(session: Session, id: string): Promise<Row> {
  try {
    return await usable(session, 'Workflow', id);
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'NOT_FOUND') throw error;
    throw forbidden('the workflow of the form may not be used');
  }
}

function valuesIn(values: unknown): Readonly<Record<string, unknown>> {
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
    return values as Readonly<Record<string, unknown>>;
  }
  throw badUserInput('the values of a form are an object, by the names of its fields');
}
