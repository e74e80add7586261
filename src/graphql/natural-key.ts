import { dataModel } from '../data/generated-data-model.js';
import { relationOf, shapeOf } from '../query/data-model.js';
import type { KeyColumns } from '../request/loaders.js';
import { resourceOf } from './registry.js';

/** The columns of a model's natural key, if it has one. Throws where the database has more than one row of a key. */
export function naturalKeyOf(model: string): KeyColumns | undefined {
  const { naturalKey } = resourceOf(model);
  if (naturalKey === undefined) return undefined;
  const [relation, column] = naturalKey;
  const [foreignKey] = relationOf(dataModel, model, relation).from;
  const isUnique = Object.values(shapeOf(dataModel, model).uniques).some(
    (fields) => fields.length === 2 && fields[0] === foreignKey && fields[1] === column,
  );
  if (foreignKey === undefined || !isUnique) {
    throw new Error(`${model} is not named by ${relation} and ${column} alone`);
  }
  return { relation, foreignKey, column };
}
