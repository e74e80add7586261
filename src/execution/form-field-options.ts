import type { Session } from '../commands/session.js';
import { actingAt } from '../commands/spot.js';
import type { Row } from '../data/prisma/reader.js';
import { badInput } from '../errors.js';
import type { ScopeRequest } from '../request/place.js';
import { launch } from './launch.js';
import { workflowOfForm } from './submit-form.js';
import { usable } from './usable.js';

interface Asked {
  readonly form: string;
  readonly field: string;
  /** What is filled in so far in the fields that the data provider is asked with, by their names. */
  readonly inputs: unknown;
  readonly scope?: ScopeRequest;
}

type Provided = { readonly static: unknown } | { readonly fromField: string };

/** A field as it is stored: src/commands/checks/form-fields.ts has looked at it. */
interface Field {
  readonly name: string;
  readonly dataProvider?: {
    readonly workflowId: string;
    readonly inputs?: Readonly<Record<string, Provided>>;
  };
}

/**
 * Asks the data provider of a form's field for its options (D27): launches it, or finds what its caller has asked it lately. Form
 * and provider must both be the caller's to use, each time.
 *
 * INVARIANT: what the form says by `static` nobody changes: a caller names fields of the form, never inputs of the provider.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN: the form is not to be used, or not its provider; BAD_USER_INPUT
 */
export async function formFieldOptions(session: Session, asked: Asked): Promise<Row> {
  const { there } = await actingAt(session, asked.scope);
  const form = await usable(there, 'Form', asked.form);
  const provider = (form.fields as readonly Field[]).find(
    ({ name }) => name === asked.field,
  )?.dataProvider;
  if (provider === undefined) {
    throw badInput([
      { path: ['field'], message: 'it is no field of the form that has a data provider' },
    ]);
  }
  const target = await workflowOfForm(there, provider.workflowId);
  return launch(there, {
    kind: 'DATA_PROVIDER',
    target,
    trigger: 'FORM',
    input: inputOf(provider.inputs ?? {}, asked.inputs),
    inputPath: ['inputs'],
    formId: form.id,
  });
}

function inputOf(
  named: Readonly<Record<string, Provided>>,
  inputs: unknown,
): Readonly<Record<string, unknown>> {
  const filled = valuesIn(inputs);
  const fields = Object.values(named).flatMap((from) =>
    'fromField' in from ? [from.fromField] : [],
  );
  const unknown = Object.keys(filled).filter((name) => !fields.includes(name));
  if (unknown.length > 0) {
    const message = 'the data provider is not asked with it';
    throw badInput(unknown.map((name) => ({ path: ['inputs', name], message })));
  }
  const input: Record<string, unknown> = {};
  for (const [name, from] of Object.entries(named)) {
    if ('static' in from) input[name] = from.static;
    else if (Object.hasOwn(filled, from.fromField)) input[name] = filled[from.fromField];
  }
  return input;
}

function valuesIn(inputs: unknown): Readonly<Record<string, unknown>> {
  if (inputs === null || inputs === undefined) return {};
  if (typeof inputs === 'object' && !Array.isArray(inputs)) {
    return inputs as Readonly<Record<string, unknown>>;
  }
  throw badInput([{ path: ['inputs'], message: 'it is an object, by the names of fields' }]);
}
