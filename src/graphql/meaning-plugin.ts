import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import { type FieldMeaning, type Meaning, meaningOf } from '../query/meaning.js';
import { isResourceType } from './registry.js';

/** What Pothos knows the plugin by. */
export const MEANINGS = 'heimdallMeaning';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      [MEANINGS]: MeaningPlugin<Types>;
    }
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** The columns of its row that the field reads. On a resource's type every field says so. */
      reads?: readonly (keyof ParentShape & string)[];
      /** The columns that it reads of the rows which it leads to, whatever is selected of them. */
      readsThere?: readonly string[];
      /** What it is in the database, for who reads it otherwise than by its resolver. */
      meaning?: FieldMeaning;
    }
  }
}

/**
 * Keeps on each field what it reads and means, as `extensions.heimdall`. A field of a resource that
 * does not say what it reads stops the start: its column would not be there.
 */
class MeaningPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(
    config: PothosOutputFieldConfig<Types>,
  ): PothosOutputFieldConfig<Types> {
    const { reads, readsThere, meaning } = config.pothosOptions as {
      reads?: readonly string[];
      readsThere?: readonly string[];
      meaning?: FieldMeaning;
    };
    if (reads === undefined) {
      const known = meaningOf(config.extensions ?? {});
      if (known === undefined && config.kind === 'Object' && isResourceType(config.parentType)) {
        throw new Error(`${config.parentType}.${config.name} does not say what it reads`);
      }
      return config;
    }
    const heimdall: Meaning = {
      reads,
      ...(readsThere === undefined ? {} : { readsThere }),
      ...(meaning === undefined ? {} : { is: meaning }),
    };
    return { ...config, extensions: { ...config.extensions, heimdall } };
  }
}

SchemaBuilder.registerPlugin(MEANINGS, MeaningPlugin as never);
