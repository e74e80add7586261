import { and, notNull, type Residual } from '../policy/residual.js';
import { type DataModel, fieldOf, relationOf } from './data-model.js';

const known = new WeakMap<Residual, Residual>();

/**
 * The same residual, so written that the database answers yes or no where a column is null, and
 * never "unknown". The same object each time.
 *
 * INVARIANT: what stands under a NOT must be definite. NOT unknown is unknown, and so a hidden row
 * would answer neither as a visible one nor as one that does not exist (D14, model §6.1).
 */
export function definite(dataModel: DataModel, model: string, residual: Residual): Residual {
  const found = known.get(residual);
  if (found !== undefined) return found;
  const made = make(dataModel, model, residual);
  known.set(residual, made);
  return made;
}

function make(dataModel: DataModel, model: string, residual: Residual): Residual {
  switch (residual.op) {
    case 'constant':
    case 'isNull':
    case 'notNull':
      return residual;
    case 'and':
    case 'or':
      return { ...residual, of: residual.of.map((part) => make(dataModel, model, part)) };
    case 'rule':
      return { ...residual, of: make(dataModel, model, residual.of) };
    case 'related':
    case 'someRelated':
    case 'noneRelated': {
      const { type } = relationOf(dataModel, model, residual.relation);
      return { ...residual, of: make(dataModel, type, residual.of) };
    }
    case 'pairs':
      return withValues(dataModel, model, residual.fields, residual);
    default:
      return withValues(dataModel, model, [residual.field], residual);
  }
}

/** The test, and that those of the columns which may be null are not. */
function withValues(
  dataModel: DataModel,
  model: string,
  fields: readonly string[],
  test: Residual,
): Residual {
  const nullable = fields.filter((field) => !fieldOf(dataModel, model, field).required);
  return nullable.length === 0 ? test : and(...nullable.map(notNull), test);
}
