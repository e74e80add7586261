import { dataModel } from '../data/generated-data-model.js';
import { badUserInput } from '../errors.js';
import { fieldOf, relationOf } from '../query/data-model.js';
import {
  both,
  compare,
  either,
  every,
  type Filter,
  is,
  isMissing,
  not,
  on,
  oneOf,
  some,
} from '../query/filter.js';
import type { Relation } from './columns.js';
import { comparison, dynamicInput, type FilterKind, type InputFields } from './comparisons.js';
import { entries, list, operand, operands, saying, scalar, text } from './filter-operands.js';
import { kindOf } from './kinds.js';
import { resourceOf } from './registry.js';
import type { AnyInput } from './types.js';

/** The `where` of a type: its GraphQL input, and what an input asks for. */
export interface Where {
  readonly input: AnyInput;
  toFilter(value: unknown): Filter;
}

interface Field {
  readonly kind: FilterKind;
  readonly description: string;
}

interface Related {
  readonly relation: Relation;
  readonly list: boolean;
  /** What the rows that it leads to can be asked. */
  readonly where: Where;
}

const MANAGED = 'Only rows that you manage match.';

const wheres = new Map<string, Where>();

/** What a list of the model's rows can be filtered by: columns, and relations one level deep. */
export function whereOf(model: string): Where {
  return remembered(`${model}Filter`, (name) => define(name, model, true));
}

/** What related rows can be asked: their columns. */
function columnsWhereOf(model: string): Where {
  return remembered(`${model}FieldsFilter`, (name) => define(name, model, false));
}

function remembered(name: string, make: (name: string) => Where): Where {
  const known = wheres.get(name) ?? make(name);
  wheres.set(name, known);
  return known;
}

function define(name: string, model: string, withRelations: boolean): Where {
  // Only when the schema is built are all resources declared.
  const fields = once(() => fieldsOf(model));
  const relations = once(() => (withRelations ? relationsOf(model) : new Map<string, Related>()));
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
      for (const [field, { kind, description }] of fields()) {
        all[field] = t.field({ type: comparison(kind), description });
      }
      for (const [field, related] of relations()) {
        const type = relationInput(name, field, related);
        all[field] = t.field({ type, description: describe(related.relation) });
      }
      return all;
    },
  );

  const toFilter = (value: unknown): Filter =>
    both(
      ...entries(value).map(([key, part]): Filter => {
        if (key === 'and') return both(...saying(key, list(part)).map(inner));
        if (key === 'or') return either(list(part).map(inner));
        if (key === 'not') return not(inner(part));
        const field = fields().get(key);
        if (field !== undefined) return on(key, columnFilter(key, field.kind, part));
        const related = relations().get(key);
        if (related !== undefined) return on(key, relationFilter(key, related, part));
        throw badUserInput(`cannot filter by ${key}`);
      }),
    );
  const inner = (value: unknown): Filter => toFilter(saying('a part of where', value));
  return { input, toFilter };
}

function fieldsOf(model: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, column] of resourceOf(model).columns) {
    const field = fieldOf(dataModel, model, name);
    if (!column.filter || field.kind !== 'scalar' || field.list) continue;
    const kind = kindOf(field, column);
    if (kind !== 'json' || column.paths) fields.set(name, { kind, description: describe(column) });
  }
  return fields;
}

function relationsOf(model: string): ReadonlyMap<string, Related> {
  const relations = new Map<string, Related>();
  for (const [name, relation] of resourceOf(model).relations) {
    if (!relation.filter) continue;
    const { type, list: many } = relationOf(dataModel, model, name);
    const target =
      relation.far === undefined ? type : relationOf(dataModel, type, relation.far).type;
    relations.set(name, { relation, list: many, where: columnsWhereOf(target) });
  }
  return relations;
}

function describe(one: { readonly class: string; readonly description: string }): string {
  return one.class === 'managed' ? `${one.description} ${MANAGED}` : one.description;
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

function relationInput(owner: string, field: string, { list: many, where }: Related): AnyInput {
  const name = `${owner}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  const asks = many ? 'What the related rows are asked.' : 'What the related row is asked.';
  return dynamicInput(name, asks, (t) =>
    Object.fromEntries(
      Object.entries(many ? TO_MANY : TO_ONE).map(([test, description]) => [
        test,
        t.field({ type: test === 'isNull' ? 'Boolean' : where.input, description }),
      ]),
    ),
  );
}

function relationFilter(name: string, { relation, where }: Related, value: unknown): Filter {
  const { far } = relation;
  const reach = (filter: Filter): Filter => (far === undefined ? filter : is(far, filter));
  return both(
    ...entries(saying(name, value)).map(([test, inner]): Filter => {
      if (test === 'isNull') return inner === true ? not(is(name)) : is(name);
      const filter = where.toFilter(test === 'every' ? saying('every', inner) : inner);
      if (test === 'is') return is(name, filter);
      // To fail is the far row's: the row between would be negated as a whole.
      if (test === 'every') {
        return far === undefined ? every(name, filter) : not(some(name, is(far, not(filter))));
      }
      const found = some(name, reach(filter));
      return test === 'some' ? found : not(found);
    }),
  );
}

const COMPARED = { lt: 'less', lte: 'atMost', gt: 'greater', gte: 'atLeast' } as const;

function columnFilter(name: string, kind: FilterKind, value: unknown): Filter {
  if (kind === 'json') return jsonFilter(name, value);
  return both(
    ...entries(saying(name, value)).map(([operator, given]): Filter => {
      switch (operator) {
        case 'isNull':
          return given === true ? isMissing(name) : not(isMissing(name));
        case 'contains':
          return compare(name, { is: 'contains', text: text(given), folded: true });
        case 'eq':
          // Prisma has no list of booleans; of the others an empty list leaves a malformed id out.
          if (kind === 'boolean') return compare(name, { is: 'equal', value: operand(given) });
          return oneOf(name, operands(kind, [given]));
        case 'in':
          return oneOf(name, operands(kind, list(given)));
        default:
          return compare(name, {
            is: COMPARED[operator as keyof typeof COMPARED],
            value: operand(given),
          });
      }
    }),
  );
}

/** What lies at a path in a JSON column. */
function jsonFilter(name: string, value: unknown): Filter {
  const { path: given, ...tests } = Object.fromEntries(entries(value));
  const path = list(given).map(text);
  if (path.length === 0) throw badUserInput('a path has at least one key');
  return both(
    ...entries(saying(name, tests)).map(([operator, one]): Filter => {
      if (operator === 'isNull') {
        const isNothing = compare(name, { is: 'nothingAt', path });
        return one === true ? isNothing : not(isNothing);
      }
      const values = (operator === 'eq' ? [one] : list(one)).map(scalar);
      return compare(name, { is: 'at', path, values });
    }),
  );
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
