import type { Setting } from '../commands/settings.js';
import { dataModel } from '../data/generated-data-model.js';
import { fieldOf, relationOf } from '../query/data-model.js';
import type { InputFields } from './comparisons.js';
import type { Resource } from './declared.js';
import { kindOf, typeOf } from './kinds.js';
import type { Types } from './types.js';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

/** A part of a row as an input of the API takes it. */
export interface InputSetting extends Setting {
  readonly type: unknown;
  readonly description: string;
}

/** What of a resource can be set. */
export function settingsOf(resource: Resource): readonly InputSetting[] {
  const { model, policy, columns, relations } = resource;
  // What an action sets that the type does not have, such as an owner, is for the gateway alone.
  const isSet = (by: string = 'update') => by in policy.actions;
  const settings: InputSetting[] = [];
  for (const [name, column] of columns) {
    const { set, description } = column;
    const field = fieldOf(dataModel, model, name);
    if (set === undefined || !isSet(set.by) || field.kind !== 'scalar') continue;
    settings.push({
      name,
      by: set.by ?? 'update',
      is: 'column',
      type: field.list ? [typeOf(kindOf(field, column))] : typeOf(kindOf(field, column)),
      required: field.required && !field.defaulted,
      nullable: !field.required && column.values === undefined,
      description,
      check: set.check,
      admin: set.admin,
      fixed: set.fixed === true,
    });
  }
  for (const [name, { set, description }] of relations) {
    if (set === undefined || !isSet(set.by)) continue;
    const { list } = relationOf(dataModel, model, name);
    settings.push({
      name,
      by: set.by ?? 'update',
      is: list ? 'links' : 'reference',
      type: list ? ['ID'] : 'ID',
      required: false,
      nullable: !list && set.required !== true,
      description,
      check: undefined,
      admin: undefined,
      fixed: set.fixed === true,
    });
  }
  return settings;
}

/** The fields of an input that sets these parts; for making a row, what must be there is required. */
export function settingFields(
  t: InputBuilder,
  settings: readonly InputSetting[],
  making: boolean,
): InputFields {
  return Object.fromEntries(
    settings.map(({ name, type, required, description }) => [
      name,
      t.field({ type: type as 'String', required: making && required, description }),
    ]),
  );
}
