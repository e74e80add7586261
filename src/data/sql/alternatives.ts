import type { Residual } from '../../policy/residual.js';
import { type Held, heldOf, type Test } from './held.js';
import { column, columnShape, type Table, typeOf } from './table.js';

/** So many alternatives of one shape stand for themselves; of more the text would grow with what somebody holds. */
const MOST = 4;

/**
 * Alternatives of a disjunction as SQL, each by `write`: prefixes of a column are one test, and so are more than a few grants of
 * one shape, however many they are and whatever they are held at and for.
 *
 * INVARIANT: what is held stays with its own scopes (D7): a name counts at the scopes of its own alternative alone.
 */
export function alternatives(
  table: Table,
  parts: readonly Residual[],
  write: (part: Residual) => string,
): string[] {
  const written: string[] = [];
  const prefixes = new Map<string, string[]>();
  const shapes = new Map<string, { readonly part: Residual; readonly held: Held }[]>();
  for (const part of parts) {
    const held = heldOf(table, part);
    if (part.op === 'startsWith') add(prefixes, part.field, part.value);
    else if (held === undefined) written.push(write(part));
    else add(shapes, JSON.stringify([held.field, held.rest]), { part, held });
  }
  for (const [field, values] of prefixes) written.push(startsWithAny(table, field, values));
  for (const alike of shapes.values()) {
    const all = alike.map(({ held }) => held);
    if (all.length > MOST) written.push(heldSql(table, all, write));
    else written.push(...alike.map(({ part }) => write(part)));
  }
  return written;
}

/** Whether a column begins with one of these; as a list also where there is but one, so that the text is the same. */
export function startsWithAny(table: Table, field: string, values: readonly string[]): string {
  return `${column(table, field)} ^@ ANY (${table.draft.value([...values], 'text[]')})`;
}

function heldSql(table: Table, all: readonly Held[], write: (part: Residual) => string): string {
  const [{ field, rest } = { field: '', rest: [] }] = all;
  const { draft } = table;
  const [places, names] = [draft.alias(), draft.alias()];
  const held = all.flatMap(({ scopeIds }, index) => scopeIds.map((id) => ({ id, index })));
  const tests = all.flatMap((one, index) =>
    one.tests.flatMap(({ values, ...test }) =>
      values.map((value) => ({
        index,
        kind: kindOf(test),
        value: valueFor(table, test.field, value),
      })),
    ),
  );
  const kinds = [...new Set(tests.map(({ kind }) => kind))].sort();
  const cases = kinds.map((kind, index) => {
    const [name = '', how] = kind.split(' ');
    const own = column(table, name);
    return how === 'prefix'
      ? `WHEN ${index} THEN ${own} ^@ ${names}.v`
      : `WHEN ${index} THEN ${own}::text = ${names}.v`;
  });
  const array = <T>(of: readonly T[], value: (one: T) => unknown, type: string): string =>
    draft.value(of.map(value), `${type}[]`);
  const scopes = [
    array(held, ({ id }) => id, typeOf(columnShape(table, field))),
    array(held, ({ index }) => index, 'int'),
  ];
  const named = [
    array(tests, ({ index }) => index, 'int'),
    array(tests, ({ kind }) => kinds.indexOf(kind), 'int'),
    array(tests, ({ value }) => value, 'text'),
  ];
  const isNamed = `(SELECT true FROM unnest(${named.join(', ')}) AS ${names} (g, k, v)
    WHERE ${names}.g = ${places}.g AND CASE ${names}.k ${cases.join(' ')} END LIMIT 1)`;
  const isHeld = `coalesce((SELECT true FROM unnest(${scopes.join(', ')}) AS ${places} (s, g)
    WHERE ${places}.s = ANY (${column(table, field)}) AND ${isNamed} LIMIT 1), false)`;
  return `(${[...rest.map(write), isHeld].join(' AND ')})`;
}

const kindOf = ({ field, isPrefix }: Pick<Test, 'field' | 'isPrefix'>): string =>
  isPrefix ? `${field} prefix` : field;

/** As PostgreSQL writes what the column holds. */
const valueFor = (table: Table, field: string, value: string): string =>
  columnShape(table, field).uuid ? value.toLowerCase() : value;

function add<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}
