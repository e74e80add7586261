import { type DataModel, fieldOf } from '../../query/data-model.js';
import type { KeyValue, OrderKey } from '../../query/query.js';
import { nothing, type Where } from './residual-where.js';

interface Key extends OrderKey {
  readonly nullable: boolean;
}

/** Rows strictly after the one with these values, in this order: a page costs what page one costs. */
export function beyondWhere(
  dataModel: DataModel,
  model: string,
  order: readonly OrderKey[],
  values: readonly KeyValue[],
): Where {
  const keys = order.map((key): Key => {
    const field = fieldOf(dataModel, model, key.field);
    return { ...key, nullable: field.kind !== 'scalar' || !field.required };
  });
  const alternatives: Where[] = [];
  for (const [index, key] of keys.entries()) {
    const beyond = beyondOne(key, values[index] ?? null);
    if (beyond === undefined) continue;
    const ties = keys.slice(0, index).map((tied, i) => ({ [tied.field]: values[i] ?? null }));
    alternatives.push({ AND: [...ties, beyond] });
  }
  // INVARIANT: nothing lies beyond the last; an empty OR inside an AND would match every row (§6.1).
  const exact = alternatives.length === 0 ? nothing('id') : { OR: alternatives };
  const bound = boundOf(keys[0], values[0] ?? null);
  return bound === undefined ? exact : { AND: [bound, exact] };
}

/** Follows from the rest; but only by such a bound does an index know where to start. */
function boundOf(key: Key | undefined, value: KeyValue): Where | undefined {
  if (key === undefined || value === null || typeof value === 'boolean') return undefined;
  if (key.direction === 'desc') return { [key.field]: { lte: value } };
  return key.nullable ? undefined : { [key.field]: { gte: value } };
}

/** Values of one column beyond this one; undefined where there are none. */
function beyondOne(key: Key, value: KeyValue): Where | undefined {
  const { field, direction, nullable } = key;
  if (value === null) return direction === 'asc' ? undefined : { [field]: { not: null } };
  // Prisma knows no order of booleans: true is the one value beyond false.
  if (typeof value === 'boolean') {
    return value === (direction === 'desc') ? { [field]: !value } : undefined;
  }
  if (direction === 'desc') return { [field]: { lt: value } };
  const greater = { [field]: { gt: value } };
  return nullable ? { OR: [greater, { [field]: null }] } : greater;
}
