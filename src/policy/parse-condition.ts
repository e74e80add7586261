import type { Issue } from '../errors.js';
import {
  type Comparison,
  type Condition,
  type ConditionKind,
  isOfRow,
  type KnownList,
  type KnownValue,
  type Literal,
  OPERATORS,
  type RowValue,
  SCOPE_COLUMNS,
  type Speakable,
} from './condition.js';
import { isUuid } from './pattern.js';

/** A condition, or what is wrong with it; paths begin at the condition. */
export type ParsedCondition =
  | { readonly condition: Condition; readonly issues?: undefined }
  | { readonly condition?: undefined; readonly issues: readonly Issue[] };

/** How deep a condition may be, how many parts it may have, and how long a text in it may be. */
const MOST_DEEP = 12;
const MOST_PARTS = 200;
const LONGEST = 1000;

/**
 * Reads JSON Logic as the typed tree that decides (D11), for rows of a model. INVARIANT: what it does not take means
 * nothing: it is refused when written, and grants nothing when it is stored all the same.
 */
export function parseCondition(json: unknown, speakable: Speakable): ParsedCondition {
  const parser = new Parser(speakable);
  const condition = parser.condition(json, [], 0);
  const { issues } = parser;
  if (condition !== undefined && issues.length === 0) return { condition };
  return { issues: issues.length > 0 ? issues : [{ path: [], message: 'it is no condition' }] };
}

type Path = readonly (string | number)[];
type Value = RowValue | KnownValue;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': 'equal',
  '===': 'equal',
  '!=': 'differ',
  '!==': 'differ',
  '<': 'less',
  '<=': 'atMost',
  '>': 'greater',
  '>=': 'atLeast',
};
const TURNED: Readonly<Record<Comparison, Comparison>> = {
  equal: 'equal',
  differ: 'differ',
  less: 'greater',
  atMost: 'atLeast',
  greater: 'less',
  atLeast: 'atMost',
};
const ORDERS: readonly Comparison[] = ['less', 'atMost', 'greater', 'atLeast'];

class Parser {
  readonly issues: Issue[] = [];
  readonly #speakable: Speakable;
  #parts = 0;

  constructor(speakable: Speakable) {
    this.#speakable = speakable;
  }

  condition(json: unknown, path: Path, depth: number): Condition | undefined {
    this.#parts += 1;
    if (depth > MOST_DEEP) return this.#refuse(path, `it is nested more than ${MOST_DEEP} deep`);
    if (this.#parts > MOST_PARTS) {
      // Said once, however many there are.
      return this.#parts === MOST_PARTS + 1
        ? this.#refuse(path, `it has more than ${MOST_PARTS} parts`)
        : undefined;
    }
    if (typeof json === 'boolean') return { is: 'constant', value: json };
    const operation = this.#operation(json, path);
    if (operation === undefined) return undefined;
    const { operator, args } = operation;
    const within = [...path, operator];
    if (operator === 'and' || operator === 'or') {
      if (!Array.isArray(args) || args.length === 0) {
        return this.#refuse(within, 'it takes a list of conditions, and at least one');
      }
      const of = args.map((one, index) => this.condition(one, [...within, index], depth + 1));
      return of.every((one) => one !== undefined)
        ? { is: operator === 'and' ? 'all' : 'any', of }
        : undefined;
    }
    if (operator === '!') {
      const [one, ...others] = Array.isArray(args) ? args : [args];
      if (others.length > 0 || one === undefined) {
        return this.#refuse(within, 'it takes one condition');
      }
      const at = Array.isArray(args) ? [...within, 0] : within;
      const of = this.condition(one, at, depth + 1);
      return of === undefined ? undefined : { is: 'not', of };
    }
    if (operator === 'var') return this.#refuse(path, 'a value alone is no condition: compare it');
    if (!Array.isArray(args) || args.length !== 2) {
      return this.#refuse(within, 'it takes two values');
    }
    return operator === 'in'
      ? this.#among(args[0], args[1], within)
      : this.#compared(COMPARISONS[operator] ?? 'equal', args[0], args[1], within);
  }

  #operation(json: unknown, path: Path) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return this.#refuse(path, 'it is neither an operation nor true or false');
    }
    const [operator, ...others] = Object.keys(json);
    if (operator === undefined || others.length > 0) {
      return this.#refuse(path, 'an operation has one operator');
    }
    if (!(OPERATORS as readonly string[]).includes(operator)) {
      return this.#refuse(
        [...path, operator],
        `this operator is not supported; these are: ${OPERATORS.join(', ')}`,
      );
    }
    return { operator, args: (json as Record<string, unknown>)[operator] };
  }

  #compared(how: Comparison, one: unknown, other: unknown, path: Path): Condition | undefined {
    const left = this.#value(one, [...path, 0]);
    const right = this.#value(other, [...path, 1]);
    if (left === undefined || right === undefined) return undefined;
    if (isOfRow(left) && isOfRow(right)) {
      return this.#refuse(path, 'two values of the row cannot be compared with each other');
    }
    // A literal is read as what it is compared with.
    const [value, known, turned] =
      isOfRow(right) || (left.of === 'literal' && right.of !== 'literal')
        ? [right, left as KnownValue, TURNED[how]]
        : [left, right, how];
    const typed = this.#typed(value, known, path);
    if (typed === undefined) return undefined;
    const kinds = [value.kind, typed.kind];
    const isOrdered = kinds.every((kind) => kind === 'number' || kind === 'date');
    if (ORDERS.includes(how) && !isOrdered) {
      // Of JSON it could not be asked in the database under a NOT: Prisma turns its test of the type around there.
      return this.#refuse(path, 'only numbers and dates of columns have an order');
    }
    if (value.kind === 'json' && typed.kind === 'date') {
      return this.#refuse(path, 'meta holds no dates, and is compared with none');
    }
    return { is: 'compared', how: turned, value, with: typed };
  }

  #among(item: unknown, list: unknown, path: Path): Condition | undefined {
    const value = this.#value(item, [...path, 0]);
    const known = this.#list(list, [...path, 1]);
    if (value === undefined || known === undefined) return undefined;
    if (known.of === 'principal') {
      return ['id', 'json', 'text'].includes(value.kind)
        ? { is: 'among', value, list: known }
        : this.#refuse(path, `principal.teamIds are ids, and this is a ${value.kind}`);
    }
    const values = known.values.map((literal, index) => {
      const at = [...path, 1, index];
      return this.#typed(value, { of: 'literal', value: literal, kind: kindOf(literal) }, at);
    });
    if (!values.every((one) => one !== undefined)) return undefined;
    const literals = values.flatMap((one) => (one.of === 'literal' ? [one.value] : []));
    return { is: 'among', value, list: { of: 'list', values: literals } };
  }

  /** What is known, as a value of the other's kind: ids and dates are written as texts. */
  #typed(value: Value, known: KnownValue, path: Path): KnownValue | undefined {
    const wanted = value.kind;
    if (value.of === 'resource' && known.of === 'literal' && !isWhole(known.value)) {
      return this.#refuse(path, 'this is no whole number that a column holds');
    }
    if (wanted === 'json' || wanted === known.kind) return known;
    // Ids are texts to texts.
    if (known.of !== 'literal') {
      return wanted === 'text' && known.kind === 'id'
        ? known
        : this.#mismatch(wanted, known.kind, path);
    }
    const { value: literal } = known;
    if (typeof literal === 'string' && wanted === 'id') {
      if (value.of !== 'resource' && value.of !== 'scope') return known;
      return isUuid(literal)
        ? { of: 'literal', value: literal.toLowerCase(), kind: 'id' }
        : this.#refuse(path, 'this is no id');
    }
    if (typeof literal === 'string' && wanted === 'date') {
      const date = dateOf(literal);
      return date === undefined
        ? this.#refuse(path, 'this is no date as in 2026-12-31T23:59:59Z')
        : { of: 'literal', value: date, kind: 'date' };
    }
    return this.#mismatch(wanted, known.kind, path);
  }

  #mismatch(wanted: string, kind: string, path: Path): undefined {
    return this.#refuse(path, `a ${wanted} is not compared with a ${kind}`);
  }

  #value(json: unknown, path: Path): Value | undefined {
    if (isLiteral(json)) {
      const problem = problemOf(json);
      if (problem !== undefined) return this.#refuse(path, problem);
      return { of: 'literal', value: json, kind: kindOf(json) };
    }
    if (json === null)
      return this.#refuse(path, 'null is compared with nothing: a missing value is unknown');
    const operation = this.#operation(json, path);
    if (operation === undefined) return undefined;
    const { operator, args } = operation;
    if (operator !== 'var')
      return this.#refuse([...path, operator], 'a value stands here, not a condition');
    const name = Array.isArray(args) && args.length === 1 ? args[0] : args;
    const found = typeof name === 'string' ? this.#named(name) : undefined;
    return found ?? this.#refuse([...path, 'var'], this.#variables());
  }

  #list(json: unknown, path: Path): KnownList | undefined {
    if (Array.isArray(json)) {
      if (json.length > MOST_PARTS)
        return this.#refuse(path, `it has more than ${MOST_PARTS} values`);
      const wrong = json.findIndex((one) => !isLiteral(one) || problemOf(one) !== undefined);
      if (wrong < 0) return { of: 'list', values: json };
      return this.#refuse([...path, wrong], 'it is no text, number, true or false');
    }
    const isVar = typeof json === 'object' && json !== null && Object.keys(json).join() === 'var';
    const name: unknown = isVar ? (json as { var: unknown }).var : undefined;
    return (Array.isArray(name) ? name.join() : name) === 'principal.teamIds'
      ? { of: 'principal', name: 'teamIds' }
      : this.#refuse(path, 'it is neither a list of values nor principal.teamIds');
  }

  #named(name: string): Value | undefined {
    const [root, first, ...rest] = name.split('.');
    if (first === undefined) return undefined;
    const { columns, scope } = this.#speakable;
    if (root === 'scope' && scope !== null && first === 'meta') {
      return rest.length > 0 && rest.every(isSegment)
        ? { of: 'meta', path: rest, kind: 'json' }
        : undefined;
    }
    if (rest.length > 0) return undefined;
    switch (root) {
      case 'principal':
        if (first === 'id' || first === 'organizationId')
          return { of: 'principal', name: first, kind: 'id' };
        return first === 'kind' ? { of: 'principal', name: first, kind: 'text' } : undefined;
      case 'context':
        return first === 'now' ? { of: 'context', name: 'now', kind: 'date' } : undefined;
      case 'resource': {
        const kind = Object.hasOwn(columns, first) ? columns[first] : undefined;
        return kind === undefined ? undefined : { of: 'resource', column: first, kind };
      }
      case 'scope': {
        if (scope === null) return undefined;
        if (first === 'type') return { of: 'scopeType', kind: 'text' };
        const known: Readonly<Record<string, ConditionKind>> = SCOPE_COLUMNS;
        const kind = Object.hasOwn(known, first) ? known[first] : undefined;
        return kind === undefined ? undefined : { of: 'scope', column: first, kind };
      }
      default:
        return undefined;
    }
  }

  #variables(): string {
    const { columns, scope } = this.#speakable;
    const names = [
      ...['principal.id', 'principal.organizationId', 'principal.kind', 'context.now'],
      ...Object.keys(columns).map((column) => `resource.${column}`),
      ...(scope === null
        ? []
        : [...Object.keys(SCOPE_COLUMNS), 'type', 'meta.<path>'].map((one) => `scope.${one}`)),
    ];
    return `there is no such value; these are: ${names.join(', ')}`;
  }

  #refuse(path: Path, message: string): undefined {
    this.issues.push({ path, message });
    return undefined;
  }
}

/** No number: in PostgreSQL's paths that is a place in a list. */
const isSegment = (segment: string): boolean => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment);

/** Columns hold numbers of 32 bits. */
const isWhole = (literal: Literal): boolean =>
  typeof literal !== 'number' || (literal | 0) === literal;

const isLiteral = (json: unknown): json is Literal =>
  typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean';

const kindOf = (literal: Literal): ConditionKind =>
  typeof literal === 'string' ? 'text' : (typeof literal as 'number' | 'boolean');

/** What the database holds no text with (D45). */
const NO_TEXT = /\0|\p{Surrogate}/u;

function problemOf(literal: Literal): string | undefined {
  if (typeof literal === 'number' && !Number.isFinite(literal)) return 'this is no number';
  if (typeof literal !== 'string') return undefined;
  if (NO_TEXT.test(literal)) return 'it is no Unicode text';
  return literal.length > LONGEST ? `it has more than ${LONGEST} characters` : undefined;
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The instant in one form; undefined: it is none, or of no year that is stored (D46). */
function dateOf(text: string): string | undefined {
  if (!DATE.test(text)) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return undefined;
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined;
}
