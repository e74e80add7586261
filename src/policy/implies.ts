import { type Residual, valuesOf } from './residual.js';

/**
 * Whether every row that satisfies the one satisfies the other, as far as their shapes tell. False
 * means no more than that it cannot be told; a yes is certain.
 */
export function implies(narrow: Residual, wide: Residual): boolean {
  if (narrow === wide) return true;
  if (narrow.op === 'constant' && !narrow.value) return true;
  if (wide.op === 'constant') return wide.value;
  if (wide.op === 'and') return wide.of.every((part) => implies(narrow, part));
  if (narrow.op === 'or') return narrow.of.every((part) => implies(part, wide));
  if (wide.op === 'or' && wide.of.some((part) => implies(narrow, part))) return true;
  if (narrow.op === 'and') return narrow.of.some((part) => implies(part, wide));
  return leafImplies(narrow, wide);
}

function leafImplies(narrow: Residual, wide: Residual): boolean {
  switch (narrow.op) {
    case 'isNull':
      return wide.op === 'isNull' && wide.field === narrow.field;
    case 'notNull':
      return wide.op === 'notNull' && wide.field === narrow.field;
    case 'startsWith':
      if (wide.op === 'notNull') return wide.field === narrow.field;
      return (
        wide.op === 'startsWith' &&
        wide.field === narrow.field &&
        narrow.value.startsWith(wide.value)
      );
    case 'equals':
      if (!('field' in wide) || wide.field !== narrow.field) return false;
      if (wide.op === 'notNull') return true;
      if (wide.op === 'equals') return wide.value === narrow.value;
      return wide.op === 'oneOf' && valuesOf(wide.operands).includes(narrow.value as string);
    case 'oneOf':
    case 'overlaps': {
      if (!('field' in wide) || wide.field !== narrow.field) return false;
      if (wide.op === 'notNull') return true;
      if (wide.op !== narrow.op) return false;
      const allowed = new Set(valuesOf(wide.operands));
      return valuesOf(narrow.operands).every((value) => allowed.has(value));
    }
    case 'disjoint': {
      if (!('field' in wide) || wide.field !== narrow.field) return false;
      if (wide.op === 'notNull') return true;
      if (wide.op !== 'disjoint') return false;
      const avoided = new Set(valuesOf(narrow.operands));
      return valuesOf(wide.operands).every((value) => avoided.has(value));
    }
    case 'related':
    case 'someRelated':
      return (
        wide.op === narrow.op && wide.relation === narrow.relation && implies(narrow.of, wide.of)
      );
    case 'noneRelated':
      // None that passes the wider test is none that passes the narrower one.
      return (
        wide.op === 'noneRelated' &&
        wide.relation === narrow.relation &&
        implies(wide.of, narrow.of)
      );
    default:
      return false;
  }
}
