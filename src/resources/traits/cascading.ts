import type { AnyFields, Trait } from '../../graphql/declared.js';
import type { Context } from '../../request/context.js';
import { placeOfRow } from '../../request/row-place.js';

/** What is looked up by a name through the cascade (D2), where nearer rows shadow farther ones (D3). */
export const cascading = (by: string): Trait => ({
  cascadesBy: by,
  columns: {},
  relations: {},
  fields: (t) => ({ shadowed: shadowed(t), shadowedBy: shadowedBy(t) }),
});

function shadowed(t: AnyFields) {
  const { model } = t.resource;
  return t.computed({
    type: 'Boolean',
    nullable: false,
    reads: [],
    meaning: { kind: 'shadowed' },
    description: 'Whether a nearer row of the same name is meant in the place of this list (D3).',
    resolve: async (row, _args, context) => (await nearerId(model, row, context)) !== null,
  });
}

function shadowedBy(t: AnyFields) {
  const { model } = t.resource;
  return t.rowById(model, {
    reads: [],
    meaning: { kind: 'shadowedBy' },
    description: 'The nearest row of the same name, if it shadows this one and you may read it.',
    idOf: (row, context) => nearerId(model, row, context),
  });
}

/** A place of another tenant has none of the row's: there nothing is nearer than it. */
function nearerId(model: string, row: { id: string }, context: Context): Promise<string | null> {
  return context.loaders.shadowing(model, placeOfRow(row, context)).load(row.id);
}
