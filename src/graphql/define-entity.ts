import type { Row } from '../data/prisma/reader.js';
import type { Operation } from '../request/columns.js';
import type { Context } from '../request/context.js';
import { loadKeyed, loadNamed } from '../request/load-named.js';
import { builder } from './builder.js';
import type { Resource } from './declared.js';
import { naturalKeyOf } from './natural-key.js';
import { referenceOf } from './reference.js';
import { refOf } from './refs.js';
import type { ModelName } from './types.js';

/** Makes a resource an entity of the supergraph: by its id, and by its natural key where it has one (D14). */
export function defineEntity<M extends ModelName>({ model, naturalKey }: Resource<M>): void {
  const natural = naturalKey === undefined ? [] : [`${naturalKey[0]} { id } ${naturalKey[1]}`];
  builder.asEntity(refOf(model), {
    key: ['id', ...natural].map((fields) => builder.selection<object>(fields as never)),
    // Pothos wraps no auth scope around references: `guardEntities` asks who is asking.
    resolveReference: (representation: object, context: Context, info: Operation) =>
      loadReference(model, representation, context, info),
  } as never);
}

async function loadReference(
  model: string,
  representation: object,
  context: Context,
  info: Operation,
): Promise<Row | null> {
  const columns = naturalKeyOf(model);
  const reference = referenceOf(representation, columns);
  if (reference === null) return null;
  if (reference.by === 'id') return loadNamed(model, reference.id, context, info);
  return columns === undefined ? null : loadKeyed(model, columns, reference, context, info);
}
