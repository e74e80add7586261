import type { Session } from '../commands/session.js';
import type { Issue } from '../errors.js';
import { mistakesAhead } from './validating/mistakes-ahead.js';

/** A field of a form as it is stored: src/commands/checks/form-fields.ts has looked at it. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly options?: readonly { readonly value: string | number }[];
  readonly validation?: {
    readonly min?: number;
    readonly max?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly pattern?: string;
    readonly message?: string;
  };
  readonly visibility?: string;
}

type Schema = Readonly<Record<string, unknown>>;

const DATE = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
const MOMENT = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+][0-9]{2}:[0-9]{2}|-[0-9]{2}:[0-9]{2})$`;
const EMAIL = '^[^@\\s]+@[^@\\s]+[.][^@\\s]+$';

/**
 * What is submitted with a form: the values, and the defaults of what is left out.
 *
 * Whether a field with a condition is shown is not known here, and so it is never missing: its workflow has to look.
 */
export function submitted(
  fields: unknown,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { name, default: preset } of fields as readonly Field[]) {
    if (Object.hasOwn(values, name)) input[name] = values[name];
    else if (preset !== undefined && preset !== null) input[name] = preset;
  }
  return input;
}

/**
 * What is wrong with the values of a form, by its own fields (D33): each mistake names its field. Those that the form has not
 * are refused.
 *
 * @param whose by what the turns of one organization are counted
 */
export function mistakesOfValues(
  session: Pick<Session, 'findings'>,
  whose: string,
  fields: unknown,
  values: Readonly<Record<string, unknown>>,
): readonly Issue[] {
  const all = fields as readonly Field[];
  const given = withDefaults(all, values);
  const found = mistakesAhead(session, whose, 'fields', schemaOf(all), given);
  if (found === undefined) return [{ path: [], message: 'the rules of the form cannot be kept' }];
  return found.map(({ path, message }) => {
    const own = all.find(({ name }) => name === path[0])?.validation?.message;
    const isRule = message.startsWith('it must');
    return { path, message: own !== undefined && isRule ? own : message };
  });
}

function withDefaults(fields: readonly Field[], values: Readonly<Record<string, unknown>>) {
  const presets = fields.flatMap(({ name, default: preset }) =>
    preset === undefined || preset === null ? [] : [[name, preset] as const],
  );
  return { ...Object.fromEntries(presets), ...values };
}

function schemaOf(fields: readonly Field[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, nullable(field)])),
    required: fields.filter(isNeeded).map(({ name }) => name),
    additionalProperties: false,
  };
}

const isNeeded = ({ required, visibility }: Field): boolean =>
  required === true && (visibility === undefined || visibility === '');

/** What need not be filled in may be said to be nothing. */
const nullable = (field: Field): Schema =>
  isNeeded(field) ? typed(field) : { anyOf: [typed(field), { type: 'null' }] };

function typed(field: Field): Schema {
  const { type, options, required, validation: rules = {} } = field;
  const { min, max, minLength, maxLength, pattern } = rules;
  const among = options === undefined ? {} : { enum: options.map(({ value }) => value) };
  const text = {
    type: 'string',
    maxLength: maxLength ?? MOST_CHARACTERS,
    // What is needed is not there where it is empty.
    minLength: Math.max(minLength ?? 0, required === true ? 1 : 0),
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
  };
  switch (type) {
    case 'number':
      return defined({ type: 'number', minimum: min, maximum: max });
    case 'checkbox':
      return { type: 'boolean' };
    case 'select':
    case 'radio':
      return { type: ['string', 'number'], ...among };
    case 'multi_select':
      return {
        ...defined({ minItems: required === true ? 1 : undefined }),
        type: 'array',
        maxItems: 500,
        uniqueItems: true,
        items: { type: ['string', 'number'], ...among },
      };
    case 'date':
      return { ...text, pattern: DATE };
    case 'datetime':
      return { ...text, pattern: MOMENT };
    case 'email':
      return { allOf: [text, { pattern: EMAIL }] };
    default:
      return text;
  }
}

/** Of a text that says no other bound. */
const MOST_CHARACTERS = 100_000;

const defined = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
