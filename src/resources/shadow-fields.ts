import type { ObjectRef } from '@pothos/core';
import type { ShadowedModel } from '../data/system-queries.js';
import type { FieldBuilder, SchemaShape } from '../graphql/builder.js';
import type { Operation } from '../graphql/columns.js';
import type { Context } from '../graphql/context.js';
import { placeOfRow } from '../graphql/row-place.js';

interface CascadingRow {
  readonly id: string;
  readonly organizationId: string | null;
}

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;

/** Of everything that a nearer row of the same name shadows (D3). */
export function shadowFields<Row extends CascadingRow>(
  t: FieldBuilder<Row>,
  model: ShadowedModel,
  ref: ObjectRef<Types, Row>,
) {
  return {
    shadowed: t.boolean({
      nullable: false,
      description: 'Whether a nearer row of the same name is meant in the place of this list (D3).',
      resolve: async (row, _args, context) => (await nearerId(model, row, context)) !== null,
    }),
    shadowedBy: t.field({
      type: ref,
      nullable: true,
      description: 'The nearest row of the same name, if it shadows this one and you may read it.',
      resolve: (async (row: Row, _args: object, context: Context, info: Operation) => {
        const id = await nearerId(model, row, context);
        return id === null
          ? null
          : context.loaders.row(model, placeOfRow(row, context), info).load(id);
      }) as never,
    }),
  };
}

/** A place of another tenant has none of the row's: there nothing is nearer than it. */
function nearerId(
  model: ShadowedModel,
  row: CascadingRow,
  context: Context,
): Promise<string | null> {
  return context.loaders.shadowing(model, placeOfRow(row, context)).load(row.id);
}
