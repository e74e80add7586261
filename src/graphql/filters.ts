import type { EnumRef, InputFieldRef, InputObjectRef } from '@pothos/core';
import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { builder, type SchemaShape } from './builder.js';

type Where = Record<string, unknown>;
type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;
type AnyInput = InputObjectRef<Types, Record<string, unknown>>;
type AnyEnum = EnumRef<Types, string>;

/** How a column can be asked for in `where`. */
export type FilterKind = 'id' | 'text' | 'boolean' | 'number' | 'date' | AnyEnum;

export interface FilterField {
  readonly kind: FilterKind;
  readonly nullable?: boolean;
  readonly description: string;
}

/** A relation that can be asked for, one level deep. `through` names the far side of a join row. */
export interface FilterRelation {
  readonly filter: Filter;
  readonly list?: boolean;
  readonly through?: string;
  readonly description: string;
}

/** The `where` of a type: its GraphQL input, and what an input comes to for the enforced client. */
export interface Filter {
  readonly input: AnyInput;
  toWhere(value: unknown): Where;
}

const OPERATORS = {
  id: { eq: 'ID', in: ['ID'] },
  text: { eq: 'String', in: ['String'], contains: 'String' },
  boolean: { eq: 'Boolean' },
  number: { eq: 'Int', in: ['Int'], lt: 'Int', lte: 'Int', gt: 'Int', gte: 'Int' },
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

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;
type InputFields = Record<string, InputFieldRef<Types, unknown>>;

/** An input whose fields are only known here at run time; Pothos would have them in its types. */
function dynamicInput(
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
function comparison(kind: FilterKind): AnyInput {
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
      return Object.fromEntries(
        all.map(([operator, type]) => [
          operator,
          t.field({ type: type as 'String', description: DESCRIPTIONS[operator] ?? '' }),
        ]),
      );
    },
  );
  comparisons.set(name, created);
  return created;
}

/** Declares the `where` of a type; without relations it is what other types ask of it by theirs. */
export function defineFilter(
  name: string,
  fields: Readonly<Record<string, FilterField>>,
  relations: Readonly<Record<string, FilterRelation>> = {},
): Filter {
  const input = dynamicInput(
    name,
    'All that is given must hold. Rows that the caller may not read do not exist for it.',
    (t, self) => {
      const all: InputFields = {
        and: t.field({ type: [self], description: 'All of these hold.' }),
        or: t.field({
          type: [self],
          description: 'Any of these holds; an empty list matches nothing.',
        }),
        not: t.field({ type: self, description: 'This does not hold.' }),
      };
      for (const [field, { kind, description }] of Object.entries(fields)) {
        all[field] = t.field({ type: comparison(kind), description });
      }
      for (const [field, relation] of Object.entries(relations)) {
        const type = relationInput(name, field, relation);
        all[field] = t.field({ type, description: relation.description });
      }
      return all;
    },
  );

  const toWhere = (value: unknown): Where => {
    const parts = entries(value).map(([key, part]): Where => {
      if (key === 'and') return { AND: list(part).map(toWhere) };
      if (key === 'or') return { OR: list(part).map(toWhere) };
      if (key === 'not') return { NOT: toWhere(part) };
      const field = fields[key];
      if (field !== undefined) return columnWhere(key, field, part);
      const relation = relations[key];
      if (relation !== undefined) return relationWhere(key, relation, part);
      throw badUserInput(`cannot filter by ${key}`);
    });
    return { AND: parts };
  };
  return { input, toWhere };
}

function relationInput(
  owner: string,
  field: string,
  { filter, list: many }: FilterRelation,
): AnyInput {
  const name = `${owner}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  const type = filter.input;
  const tests = many === true ? TO_MANY : TO_ONE;
  const asks =
    many === true ? 'What the related rows are asked.' : 'What the related row is asked.';
  return dynamicInput(name, asks, (t) =>
    Object.fromEntries(
      Object.entries(tests).map(([test, description]) => [
        test,
        t.field({ type: test === 'isNull' ? 'Boolean' : type, description }),
      ]),
    ),
  );
}

const TO_MANY = {
  some: 'Some related row that the caller may read is so.',
  every: 'Every related row that the caller may read is so.',
  none: 'No related row that the caller may read is so.',
};

const TO_ONE = {
  is: 'There is a related row that the caller may read, and it is so.',
  isNull: 'Whether there is none that the caller may read.',
};

function relationWhere(
  key: string,
  { filter, list: many, through }: FilterRelation,
  value: unknown,
): Where {
  const far = (where: Where): Where =>
    through === undefined ? where : { [through]: { is: where } };
  const parts = entries(value).map(([test, inner]): Where => {
    if (test === 'isNull') return inner === true ? { [key]: null } : { [key]: { isNot: null } };
    const where = filter.toWhere(inner);
    // None fails it. To fail is the far row's: the join row between would be negated as a whole.
    if (test === 'every') return { [key]: { none: far({ NOT: where }) } };
    return { [key]: { [test]: far(where) } };
  });
  if (many === true && parts.length === 0) return {};
  return { AND: parts };
}

function columnWhere(key: string, { kind, nullable }: FilterField, value: unknown): Where {
  const parts = entries(value).map(([operator, operand]): Where => {
    switch (operator) {
      case 'isNull':
        if (nullable !== true) return neverNull(key, kind, operand === true);
        return operand === true ? { [key]: null } : { [key]: { not: null } };
      case 'contains':
        return { [key]: { contains: text(operand), mode: 'insensitive' } };
      case 'eq':
        // Prisma has no list of booleans; of the others an empty list leaves a malformed id out.
        if (kind === 'boolean') return { [key]: { equals: operand } };
        return { [key]: { in: scalars(kind, [operand]) } };
      case 'in':
        return { [key]: { in: scalars(kind, list(operand)) } };
      default:
        return { [key]: { [operator]: scalar(operand) } };
    }
  });
  return { AND: parts };
}

/** Asked of the column all the same, so that a management field stays for managers (D15). */
function neverNull(key: string, kind: FilterKind, isNull: boolean): Where {
  const none = kind === 'boolean' ? { id: { in: [] } } : { [key]: { in: [] } };
  return isNull ? none : { NOT: none };
}

/** A malformed id is that of no row; it is left out rather than handed to the database. */
function scalars(kind: FilterKind, values: readonly unknown[]): unknown[] {
  if (kind === 'id') return values.filter(isUuid);
  return values.map(scalar);
}

function scalar(value: unknown): unknown {
  if (typeof value === 'string') return text(value);
  return value instanceof Date ? date(value) : value;
}

/** A moment for the database. JavaScript knows years before 1 and after 9999, Prisma does not. */
function date(value: Date): Date {
  const year = value.getUTCFullYear();
  if (year >= 1 && year <= 9999) return value;
  throw badUserInput('a date must be in the years 1 to 9999');
}

/** Text for the database, which holds no null character. */
function text(value: unknown): string {
  if (typeof value !== 'string' || value.includes('\0')) {
    throw badUserInput('text must not contain the null character');
  }
  return value;
}

/** INVARIANT: null is not "no condition". Inside `where` it is refused (model §6.1). */
function entries(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw badUserInput('where takes no null');
  return Object.entries(value).map(([key, part]) => {
    if (part === null) throw badUserInput(`${key} is null; to ask for a missing value say isNull`);
    return [key, part];
  });
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.includes(null)) throw badUserInput('a list holds no null');
  return value;
}
