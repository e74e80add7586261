import type { InputFieldRef } from '@pothos/core';
import { builder } from './builder.js';
import type { Kind } from './kinds.js';
import type { AnyInput, Types } from './types.js';

/** A kind that rows can be filtered by. */
export type FilterKind = Kind;

const OPERATORS = {
  id: { eq: 'ID', in: ['ID'] },
  text: { eq: 'String', in: ['String'], contains: 'String' },
  boolean: { eq: 'Boolean' },
  number: { eq: 'Int', in: ['Int'], lt: 'Int', lte: 'Int', gt: 'Int', gte: 'Int' },
  json: { eq: 'JSON', in: ['JSON'] },
  date: {
    eq: 'DateTime',
    in: ['DateTime'],
    lt: 'DateTime',
    lte: 'DateTime',
    gt: 'DateTime',
    gte: 'DateTime',
  },
} as const;

const DESCRIPTIONS: Record<string, string> = {
  eq: 'Is exactly this.',
  in: 'Is one of these; an empty list matches nothing.',
  contains: 'Contains this text; ASCII letters in either case, every other character as it is.',
  lt: 'Is less than this.',
  lte: 'Is at most this.',
  gt: 'Is greater than this.',
  gte: 'Is at least this.',
  isNull: 'Whether it is missing.',
};

const PATH =
  'Where in it: a key of the object, a key of what is there, and so on. What is compared there is text, a number, true or false.';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;
export type InputFields = Record<string, InputFieldRef<Types, unknown>>;

/** An input whose fields are only known at run time; Pothos would have them in its types. */
export function dynamicInput(
  name: string,
  description: string,
  fields: (t: InputBuilder, self: AnyInput) => InputFields,
): AnyInput {
  const ref = builder.inputRef<Record<string, unknown>>(name) as unknown as AnyInput;
  builder.inputType(ref as never, {
    description,
    fields: ((t: InputBuilder) => fields(t, ref)) as never,
  });
  return ref;
}

const comparisons = new Map<string, AnyInput>();

/** The input that compares a column, made once for each kind. */
export function comparison(kind: FilterKind): AnyInput {
  const name =
    typeof kind === 'string'
      ? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Comparison`
      : `${kind.name}Comparison`;
  const existing = comparisons.get(name);
  if (existing !== undefined) return existing;
  const created = dynamicInput(
    name,
    'How a value is compared. All that is given must hold.',
    (t) => {
      const operators = typeof kind === 'string' ? OPERATORS[kind] : { eq: kind, in: [kind] };
      const all = Object.entries({ ...operators, isNull: 'Boolean' as const });
      const tests: [string, InputFieldRef<Types, unknown>][] = all.map(([operator, type]) => [
        operator,
        t.field({ type: type as 'String', description: DESCRIPTIONS[operator] ?? '' }),
      ]);
      if (kind === 'json') {
        tests.unshift(['path', t.stringList({ required: true, description: PATH })]);
      }
      return Object.fromEntries(tests);
    },
  );
  comparisons.set(name, created);
  return created;
}
