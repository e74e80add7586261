import type { FieldMap, Resource } from './declared.js';
import { Node } from './node.js';
import { refOf } from './refs.js';
import { TypeFields } from './type-fields.js';
import type { FieldBuilder, ModelName, RowOf } from './types.js';

/** Makes a resource's GraphQL type out of the fields that it lists. */
export function defineType<M extends ModelName>(
  resource: Resource<M>,
  fields: (t: TypeFields<M>) => FieldMap,
): void {
  refOf(resource.model).implement({
    description: resource.description,
    interfaces: [Node],
    authScopes: { signedIn: true },
    fields: (t: FieldBuilder<RowOf<M>>) => fields(new TypeFields(resource, t)),
  } as never);
}
