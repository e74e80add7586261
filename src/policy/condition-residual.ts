import type {
  Comparison,
  Condition,
  KnownList,
  KnownValue,
  Literal,
  RowValue,
  Speakable,
} from './condition.js';
import { isOfRow, NULLABLE_OF_SCOPES } from './condition.js';
import { ordered } from './ordered.js';
import type { Principal } from './principal.js';
import { and, atPath, compared, no, notNull, or, type Residual, related, yes } from './residual.js';

/**
 * What a condition asks of a row (D11) to be true. Of its three values only that one opens anything: so there is a residual
 * for "it is true" and another for "it is false", both without any negation, and a missing value is in neither.
 */
export function conditionResidual(
  condition: Condition,
  speakable: Speakable,
  principal: Principal,
  wanted = true,
): Residual {
  const again = (part: Condition, is: boolean): Residual =>
    conditionResidual(part, speakable, principal, is);
  switch (condition.is) {
    case 'constant':
      return condition.value === wanted ? yes : no;
    case 'not':
      return again(condition.of, !wanted);
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => again(part, wanted));
      return (condition.is === 'all') === wanted ? and(...parts) : or(...parts);
    }
    case 'compared': {
      const how = wanted ? condition.how : OPPOSITE[condition.how];
      const known = knownAs(condition.with, principal);
      if (known === null) return no;
      const { value } = condition;
      if (!isOfRow(value)) return compares(knownAs(value, principal), how, known) ? yes : no;
      return onRow(value, speakable, (field, path) =>
        path === undefined
          ? compared(field, how, known, value.kind === 'date')
          : isEquality(how)
            ? atPath(field, path, how, known)
            : no,
      );
    }
    case 'among': {
      const list = listOf(condition.list, principal);
      if (list === null) return no;
      const { value } = condition;
      if (!isOfRow(value)) {
        const known = knownAs(value, principal);
        return known !== null && list.includes(known) === wanted ? yes : no;
      }
      const how = wanted ? 'equal' : 'differ';
      return onRow(value, speakable, (field, path) => {
        const tests = list.map((one) =>
          path === undefined
            ? compared(field, how, one, value.kind === 'date')
            : atPath(field, path, how, one),
        );
        // Among nothing is nothing that there is; a missing value is not told to be among others either.
        const isThere =
          path === undefined
            ? valueIn(field, value, speakable)
            : atPath(field, path, 'present', true);
        return wanted ? or(...tests) : and(isThere, ...tests);
      });
    }
  }
}

/** What is in JSON has no order: `parseCondition` takes none. */
const isEquality = (how: Comparison): how is 'equal' | 'differ' =>
  how === 'equal' || how === 'differ';

const OPPOSITE: Readonly<Record<Comparison, Comparison>> = {
  equal: 'differ',
  differ: 'equal',
  less: 'atLeast',
  atLeast: 'less',
  greater: 'atMost',
  atMost: 'greater',
};

/** That a column has a value, where it may have none. */
function valueIn(field: string, { of }: RowValue, { nullable }: Speakable): Residual {
  const maybe = of === 'resource' ? nullable : of === 'scope' ? NULLABLE_OF_SCOPES : [];
  return maybe.includes(field) ? notNull(field) : yes;
}

/** A test of a column of the row itself, or of its scope, which it has in a relation. */
function onRow(
  value: RowValue,
  { scope }: Speakable,
  test: (field: string, path?: readonly string[]) => Residual,
): Residual {
  if (value.of === 'resource') return test(value.column);
  if (scope === null) return no;
  switch (value.of) {
    case 'scope':
      return related(scope, test(value.column));
    case 'scopeType':
      return related(scope, related('type', test('name')));
    case 'meta':
      return related(scope, test('meta', value.path));
  }
}

/** Null: there is none. */
function knownAs(value: KnownValue, principal: Principal): Literal | null {
  switch (value.of) {
    case 'literal':
      return value.value;
    case 'context':
      return principal.readAt;
    case 'principal':
      return value.name === 'id' ? principal.userId : principal[value.name];
  }
}

function listOf(list: KnownList, { teams }: Principal): readonly Literal[] | null {
  if (list.of === 'list') return list.values;
  return teams.resolved ? teams.ids : null;
}

function compares(left: Literal | null, how: Comparison, right: Literal): boolean {
  if (left === null) return false;
  switch (how) {
    case 'equal':
      return left === right;
    case 'differ':
      return left !== right;
    default:
      return ordered(left, how, right);
  }
}
