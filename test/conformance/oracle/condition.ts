import type { Cell, Row } from '../world/types.js';
import { cover } from './coverage.js';
import type { Person } from './person.js';
import type { Tree } from './tree.js';

/** Yes, no, or that it cannot be told (D11). */
type Truth = boolean | null;
type Value = Cell | undefined;

interface Asked {
  readonly tree: Tree;
  readonly person: Person;
  readonly row: Row;
}

/** D11: a grant counts where its condition is true; what means nothing, and what cannot be told, grants nothing. */
export function conditionHolds(asked: Asked, condition: Cell | undefined): boolean {
  if (condition === null || condition === undefined) return true;
  const truth = truthOf(asked, JSON.parse(String(condition)));
  if (truth === null) cover('D11 a condition that cannot be told counts', false);
  return cover('D11 a condition is true', truth === true);
}

function truthOf(asked: Asked, logic: unknown): Truth {
  if (typeof logic === 'boolean') return logic;
  const [[operator, args] = []] = Object.entries(logic as object);
  const list: readonly unknown[] = Array.isArray(args) ? args : [args];
  const all = () => list.map((one) => truthOf(asked, one));
  switch (operator) {
    case '!': {
      const [one = null] = all();
      return one === null ? null : !one;
    }
    case 'and':
      return all().includes(false) ? false : all().includes(null) ? null : true;
    case 'or':
      return all().includes(true) ? true : all().includes(null) ? null : false;
    case 'in': {
      const value = meant(asked, list[0]);
      return value === null ? null : (list[1] as readonly Value[]).includes(value);
    }
    default:
      return compared(String(operator), meant(asked, list[0]), meant(asked, list[1]));
  }
}

function compared(operator: string, one: Value, other: Value): Truth {
  if (one === null || other === null || one === undefined || other === undefined) return null;
  switch (operator) {
    case '==':
    case '===':
      return one === other;
    case '!=':
    case '!==':
      return one !== other;
    case '<=':
      return one <= other;
    default:
      return null;
  }
}

/** A literal, or what is known of who asks, of the row, or of the scope where it lives. */
function meant({ tree, person, row }: Asked, said: unknown): Value {
  if (typeof said !== 'object' || said === null) return said as Value;
  const [of, name = ''] = String((said as { var: string }).var).split('.');
  switch (of) {
    case 'resource':
      return row.cells[name] ?? null;
    case 'principal':
      if (name === 'id') return person.userId;
      if (name === 'kind') return person.kind;
      return person.organizationId;
    default: {
      const scope = tree.get('Scope', String(row.one.scope));
      if (name === 'id') return scope.id;
      if (name !== 'type') return scope.cells[name] ?? null;
      return tree.get('ScopeType', String(scope.one.type)).cells.name ?? null;
    }
  }
}
