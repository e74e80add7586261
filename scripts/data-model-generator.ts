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
  const models = Object.fromEntries(datamodel.models.map((model) => [model.name, describe(model)]));
  return `// Generated from prisma/schema.prisma by scripts/data-model-generator.ts. Do not edit.
import type { DataModel } from './data-model.js';

export const dataModel: DataModel = ${JSON.stringify(models, null, 1)};
`;
}

function describe(model: DMMF.Model) {
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
            ? { from: [...(field.relationFromFields ?? [])] }
            : { column: field.dbName ?? field.name }),
        },
      ]),
    ),
  };
}
