import type { Residual } from '../../policy/residual.js';
import { columnShape, type Table, typeOf } from './table.js';

type Leaf = Extract<Residual, { op: 'equals' | 'oneOf' | 'startsWith' }>;

/** What a column is compared with, and how. */
export interface Test {
  readonly field: string;
  readonly isPrefix: boolean;
  readonly values: readonly string[];
}

/** An alternative as a grant makes it: held at some scopes, for rows of some names, and whatever it asks besides. */
export interface Held {
  readonly field: string;
  readonly scopeIds: readonly string[];
  readonly tests: readonly Test[];
  readonly rest: readonly Residual[];
}

/** An alternative read as one of a grant. Undefined: it is none that a grant at scopes and for names makes. */
export function heldOf(table: Table, part: Residual): Held | undefined {
  if (part.op !== 'and') return undefined;
  const at = part.of.find((one) => one.op === 'overlaps');
  const named = part.of.flatMap((one) => {
    const tests = testsOf(table, one);
    return tests === undefined ? [] : [{ one, tests }];
  });
  const [name] = named;
  if (at === undefined || name === undefined) return undefined;
  return {
    field: at.field,
    scopeIds: at.operands.flatMap(({ values }) => values),
    tests: name.tests,
    rest: part.of.filter((one) => one !== at && one !== name.one),
  };
}

/** What a residual compares, if it does nothing but compare columns with given texts. */
function testsOf(table: Table, residual: Residual): readonly Test[] | undefined {
  const leaves = residual.op === 'or' ? residual.of : [residual];
  const tests = leaves.map((leaf) => testOf(table, leaf));
  return tests.every((test) => test !== undefined) ? tests : undefined;
}

function testOf(table: Table, leaf: Residual): Test | undefined {
  if (!['equals', 'oneOf', 'startsWith'].includes(leaf.op)) return undefined;
  const { field, ...test } = leaf as Leaf;
  if (!['text', 'uuid'].includes(typeOf(columnShape(table, field)))) return undefined;
  if (test.op === 'startsWith') return { field, isPrefix: true, values: [test.value] };
  if (test.op === 'equals') {
    const isGiven = typeof test.value === 'string' && test.attribute === undefined;
    return isGiven ? { field, isPrefix: false, values: [String(test.value)] } : undefined;
  }
  if (test.operands.some(({ attribute }) => attribute !== undefined)) return undefined;
  return { field, isPrefix: false, values: test.operands.flatMap(({ values }) => values) };
}
