import { z } from 'zod';
import { type Check, issue } from './check.js';
import { json } from './json.js';

/** What a field of a form can ask for. */
const FIELD_TYPES = [
  'text',
  'email',
  'number',
  'select',
  'multi_select',
  'checkbox',
  'textarea',
  'radio',
  'date',
  'datetime',
  'markdown',
  'file',
] as const;

const CHOICES: readonly string[] = ['select', 'multi_select', 'radio'];

const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const short = z.string().min(1).max(255);

const option = z.strictObject({ value: z.union([short, z.number()]), label: short.optional() });

const rules = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).optional(),
  pattern: z.string().max(1_000).optional(),
  message: short.optional(),
});

const fieldName = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'a name is letters, digits and `_`, not beginning with a digit',
  );

/** What a data provider is asked with: what the form says, or what is filled in elsewhere in it (D27). */
const provided = z.union([
  z.strictObject({ static: z.json() }),
  z.strictObject({ fromField: fieldName }),
]);

const dataProvider = z.strictObject({
  workflowId: z.uuid(),
  inputs: z
    .record(short, provided)
    .refine((inputs) => Object.keys(inputs).length <= 50, 'it has more than 50 inputs')
    .optional(),
});

const field = z.strictObject({
  name: fieldName,
  type: z.enum(FIELD_TYPES),
  label: short.optional(),
  placeholder: short.optional(),
  help: z.string().max(10_000).optional(),
  content: z.string().max(20_000).optional(),
  required: z.boolean().optional(),
  default: z.union([scalar, z.array(scalar).max(500), z.null()]).optional(),
  options: z.array(option).max(500).optional(),
  dataProvider: dataProvider.optional(),
  validation: rules.optional(),
  visibility: z.string().max(2_000).optional(),
  accept: z.array(short).max(50).optional(),
});

const fields = z.array(field).max(200);

/** The definitions of a form's fields: every mistake with its path, and what no single field shows. */
export const formFields: Check = (value) => {
  const unkept = json(256 * 1_024)(value);
  if (unkept.length > 0) return unkept;
  const parsed = fields.safeParse(value);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) =>
      issue(message, ...path.map((part) => (typeof part === 'number' ? part : String(part)))),
    );
  }
  const seen = new Set<string>();
  return parsed.data.flatMap((one, index) => {
    const twice = seen.has(one.name);
    seen.add(one.name);
    return [
      ...(twice ? [issue('another field has this name', index, 'name')] : []),
      ...choices(one, index),
      ...providers(one, index, parsed.data),
      ...presets(one, index),
      ...bounds(one, index),
    ];
  });
};

type Field = z.infer<typeof field>;

/** What a default of a type must be; one of a file there is none. */
const PRESETS: Readonly<Record<Field['type'], (value: unknown) => boolean>> = {
  text: isString,
  email: isString,
  number: (value) => typeof value === 'number',
  select: isOption,
  multi_select: (value) => Array.isArray(value) && value.every(isOption),
  checkbox: (value) => typeof value === 'boolean',
  textarea: isString,
  radio: isOption,
  date: (value) => isString(value) && z.iso.date().safeParse(value).success,
  datetime: (value) => isString(value) && z.iso.datetime({ offset: true }).safeParse(value).success,
  markdown: isString,
  file: () => false,
};

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isOption(value: unknown): boolean {
  return isString(value) || typeof value === 'number';
}

function presets({ type, default: preset }: Field, index: number) {
  return preset === undefined || preset === null || PRESETS[type](preset)
    ? []
    : [issue(`it is no default of a ${type} field`, index, 'default')];
}

/** Rules that nothing can keep, or that cannot be read. */
function bounds({ validation: rules }: Field, index: number) {
  if (rules === undefined) return [];
  const { min = -Infinity, max = Infinity, minLength = 0, maxLength = Infinity, pattern } = rules;
  return [
    ...(min > max ? [issue('min is more than max', index, 'validation', 'min')] : []),
    ...(minLength > maxLength
      ? [issue('minLength is more than maxLength', index, 'validation', 'minLength')]
      : []),
    ...(pattern === undefined || isPattern(pattern)
      ? []
      : [issue('it is no regular expression', index, 'validation', 'pattern')]),
  ];
}

/** Whether browsers take it, as the `pattern` of an input. It is compiled here and never run. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'v');
    return true;
  } catch {
    return false;
  }
}

/** D27: who is chosen among what a data provider answers is not offered options as well. */
function providers(
  { type, name, options, dataProvider: provider }: Field,
  index: number,
  all: readonly Field[],
) {
  if (provider === undefined) return [];
  if (!CHOICES.includes(type)) {
    return [issue(`a ${type} field has no options`, index, 'dataProvider')];
  }
  const unknown = Object.entries(provider.inputs ?? {}).filter(
    ([, from]) =>
      'fromField' in from &&
      (from.fromField === name || !all.some((other) => other.name === from.fromField)),
  );
  return [
    ...(options === undefined
      ? []
      : [issue('it has options, or a data provider, and not both', index, 'options')]),
    ...unknown.map(([input]) =>
      issue('it is no other field of the form', index, 'dataProvider', 'inputs', input),
    ),
  ];
}

function choices({ type, options, default: preset }: Field, index: number) {
  if (!CHOICES.includes(type)) {
    return options === undefined ? [] : [issue(`a ${type} field has no options`, index, 'options')];
  }
  const values = (options ?? []).map((one) => one.value);
  if (new Set(values).size < values.length) {
    return [issue('two options have one value', index, 'options')];
  }
  if (preset === undefined || preset === null || values.length === 0) return [];
  const presets = Array.isArray(preset) ? preset : [preset];
  return presets.every((one) => (values as unknown[]).includes(one))
    ? []
    : [issue('the default is none of the options', index, 'default')];
}
