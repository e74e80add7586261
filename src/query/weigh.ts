import type { Residual } from '../policy/residual.js';
import type { GuardedFilter } from './guarded.js';

/** What a filter becomes in a statement once it is guarded. */
export interface Weight {
  /** Tables that are joined, or asked in a subquery. */
  readonly relations: number;
  /** Columns that are compared. */
  readonly conditions: number;
}

const NOTHING: Weight = { relations: 0, conditions: 0 };
const CONDITION: Weight = { relations: 0, conditions: 1 };

/**
 * What a filter costs the planner and the executor, the policies of related rows included: how many
 * tables and columns one test of a related row takes is said by what the caller holds.
 */
export function weigh(filter: GuardedFilter): Weight {
  switch (filter.op) {
    case 'all':
    case 'none':
      return NOTHING;
    case 'and':
    case 'or':
      return sum(filter.of.map(weigh));
    case 'residual':
      return weightOf(filter.residual);
    case 'is':
    case 'some':
      return joined(weigh(filter.of));
    case 'compare':
    case 'isNull':
    case 'keyed':
      return CONDITION;
  }
}

const known = new WeakMap<Residual, Weight>();

function weightOf(residual: Residual): Weight {
  const found = known.get(residual) ?? ofResidual(residual);
  known.set(residual, found);
  return found;
}

function ofResidual(residual: Residual): Weight {
  switch (residual.op) {
    case 'constant':
      return NOTHING;
    case 'and':
    case 'or':
      return sum(residual.of.map(ofResidual));
    case 'rule':
      return ofResidual(residual.of);
    case 'related':
    case 'someRelated':
    case 'noneRelated':
      return joined(ofResidual(residual.of));
    default:
      return CONDITION;
  }
}

const joined = ({ relations, conditions }: Weight): Weight => ({
  relations: relations + 1,
  conditions,
});

function sum(weights: readonly Weight[]): Weight {
  return weights.reduce(
    (all, one) => ({
      relations: all.relations + one.relations,
      conditions: all.conditions + one.conditions,
    }),
    NOTHING,
  );
}
