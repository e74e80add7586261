/**
 * A Prisma generator: writes what the enforcing client must know of the schema (which fields a
 * model has, which of them are relations and to what, how a row is identified) as plain data.
 * Prisma's own client no longer carries all of it.
 */
import { writeFileSync } from 'node:fs';
import helper, { type DMMF } from '@prisma/generator-helper';

helper.generatorHandler({
  onManifest: () => ({
    prettyName: "Heimdall's data model",
    defaultOutput: '../src/data/generated-data-model.ts',
  }),
  onGenerate: async ({ dmmf, generator }) => {
    const file = generator.output?.value;
    if (file === undefined || file === null) throw new Error('no output file');
    writeFileSync(file, print(dmmf.datamodel));
  },
});

function print(datamodel: DMMF.Datamodel): string {
  const models = Object.fromEntries(
    datamodel.models.map((model) => [model.name, describe(model, datamodel.models)]),
  );
  return `// Generated from prisma/schema.prisma by scripts/data-model-generator.ts. Do not edit.
import type { DataModel } from '../query/data-model.js';

export const dataModel: DataModel = ${JSON.stringify(models, null, 1)};
`;
}

function describe(model: DMMF.Model, models: readonly DMMF.Model[]) {
  const single = model.fields.filter((field) => field.isId || field.isUnique).map((f) => [f.name]);
  const keys = [model.primaryKey, ...model.uniqueIndexes].filter((key) => key !== null);
  return {
    table: model.dbName ?? model.name,
    uniques: Object.fromEntries([
      ...single.map((fields) => [fields.join('_'), fields]),
      ...keys.map((key) => [key.name ?? key.fields.join('_'), [...key.fields]]),
    ]),
    fields: Object.fromEntries(
      model.fields.map((field) => [
        field.name,
        {
          kind: field.kind === 'object' ? 'relation' : 'scalar',
          type: field.type,
          list: field.isList,
          required: field.isRequired,
          ...(field.kind === 'object'
            ? {
                from: [...(field.relationFromFields ?? [])],
                to: [...(field.relationToFields ?? [])],
                inverse: inverseOf(model, field, models),
              }
            : {
                column: field.dbName ?? field.name,
                uuid: field.nativeType?.[0] === 'Uuid',
                defaulted: field.hasDefaultValue,
              }),
        },
      ]),
    ),
  };
}

/** The field on the other side; of a relation of a model with itself, the other of the two. */
function inverseOf(model: DMMF.Model, field: DMMF.Field, models: readonly DMMF.Model[]): string {
  const target = models.find(({ name }) => name === field.type);
  const inverse = target?.fields.find(
    (other) =>
      other.relationName === field.relationName &&
      (target.name !== model.name || other.name !== field.name),
  );
  if (inverse === undefined) throw new Error(`${model.name}.${field.name} has no other side`);
  return inverse.name;
}
