import { and, type Condition, notNull } from '../../policy/condition.js';
import type { DataModel } from '../data-model.js';

/**
 * The same condition, so written that the database answers yes or no where a column is null, and
 * never "unknown".
 *
 * INVARIANT: what stands under a NOT must be definite. NOT unknown is unknown, and so a hidden row
 * would answer neither as a visible one nor as one that does not exist (D14, model §6.1).
 */
export function definite(dataModel: DataModel, model: string, condition: Condition): Condition {
  switch (condition.op) {
    case 'constant':
    case 'isNull':
    case 'notNull':
      return condition;
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map((part) => definite(dataModel, model, part)) };
    case 'rule':
      return { ...condition, of: definite(dataModel, model, condition.of) };
    case 'related':
    case 'someRelated':
    case 'noneRelated': {
      const field = dataModel[model]?.fields[condition.relation];
      if (field?.kind !== 'relation') throw new Error(`no relation ${model}.${condition.relation}`);
      return { ...condition, of: definite(dataModel, field.type, condition.of) };
    }
    default: {
      const field = dataModel[model]?.fields[condition.field];
      if (field === undefined) throw new Error(`no column ${model}.${condition.field}`);
      return field.required ? condition : and(notNull(condition.field), condition);
    }
  }
}
