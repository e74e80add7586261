import { CATALOG, type CellFacts } from '../catalog.js';
import type { Where } from '../oracle/filter.js';
import type { Random } from '../questions/random.js';
import { type Row, TYPES, type TypeName } from '../world/types.js';

/** The rows to take values from. */
type RowsOf = (type: TypeName) => readonly Row[];

/** One `where` for each cell and each relation of a type, another of its forms from time to time. */
export function wheresOf(rowsOf: RowsOf, type: TypeName, random: Random): [name: string, Where][] {
  const { cells, toOne, toMany } = CATALOG[type];
  const relations = Object.entries({ ...toOne, ...toMany }).filter(([, { only }]) => {
    return only !== 'field';
  });
  return [
    ...['id', ...Object.keys(cells)].map((cell): [string, Where] => {
      return [cell, joined(random, () => cellTest(rowsOf, type, cell, random))];
    }),
    ...relations.map(([relation, { to }]): [string, Where] => {
      const form = relation in toOne ? toOneTest : toManyTest;
      const inner = () => cellTest(rowsOf, to, random.one(['id', ...cellsOf(to)]), random);
      return [relation, joined(random, () => ({ [relation]: form(inner, random) }))];
    }),
  ];
}

const cellsOf = (type: TypeName): string[] => Object.keys(CATALOG[type].cells);

/** Mostly as it is; otherwise under each of the words that join tests. */
function joined(random: Random, test: () => Where): Where {
  switch (random.below(8)) {
    case 0:
      return { not: test() };
    case 1:
      return { or: [test(), test()] };
    case 2:
      return { and: [test(), { not: test() }] };
    case 3:
      return { or: [{ not: test() }, { and: [test(), test()] }] };
    default:
      return test();
  }
}

function toOneTest(inner: () => Where, random: Random): Where {
  return random.one([{ isNull: true }, { isNull: false }, { is: {} }, { is: inner() }]);
}

function toManyTest(inner: () => Where, random: Random): Where {
  const word = random.one(['some', 'every', 'none']);
  // That every row is anything says nothing, and is refused (D45).
  return { [word]: word !== 'every' && random.chance(0.2) ? {} : inner() };
}

const ID: CellFacts = { kind: 'id' };

function cellTest(rowsOf: RowsOf, type: TypeName, cell: string, random: Random): Where {
  const { kind } = cell === 'id' ? ID : (CATALOG[type].cells[cell] as CellFacts);
  const stored = rowsOf(type).map((row) => (cell === 'id' ? row.id : (row.cells[cell] ?? null)));
  const known = [...new Set(stored.filter((value) => value !== null))];
  // A word that is stored but not in the vocabulary is not one that can be asked for.
  const values = typeof kind === 'object' ? kind : known;
  const some = () => (values.length === 0 ? absent(kind) : random.one(values));
  const forms: (() => Where)[] = [() => ({ eq: some() }), () => ({ isNull: random.chance(0.5) })];
  if (kind !== 'boolean') forms.push(() => ({ in: [some(), some(), some()] }));
  if (kind === 'text') forms.push(() => ({ contains: part(String(some()), random) }));
  if (kind === 'date') {
    forms.push(() => ({ [random.one(['gt', 'gte', 'lt', 'lte'])]: some() }));
  }
  return { [cell]: random.one(forms)() };
}

function absent(kind: CellFacts['kind']): unknown {
  if (kind === 'boolean') return true;
  return kind === 'date' ? '2026-01-01T00:00:00.000Z' : TYPES[0];
}

/** One of its characters, or its end. */
function part(text: string, random: Random): string {
  const characters = [...text];
  if (characters.length === 0) return '';
  return random.chance(0.5) ? random.one(characters) : characters.slice(-2).join('');
}
