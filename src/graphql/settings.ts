import type { Change } from '../commands/change.js';
import type { Check } from '../commands/checks/check.js';
import { dataModel } from '../data/generated-data-model.js';
import { badInput, forbidden, type Issue } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import { fieldOf, relationOf } from '../query/data-model.js';
import type { SetBy } from './columns.js';
import type { InputFields } from './comparisons.js';
import type { Resource } from './declared.js';
import { kindOf, typeOf } from './kinds.js';
import type { Types } from './types.js';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

/** One part of a row that a client can set, by whatever action. */
interface Setting {
  readonly name: string;
  readonly by: SetBy;
  readonly is: 'column' | 'reference' | 'links';
  readonly type: unknown;
  /** A row cannot be made without it. */
  readonly required: boolean;
  readonly nullable: boolean;
  readonly description: string;
  readonly check: Check | undefined;
  readonly admin: 'always' | 'afterwards' | undefined;
}

/** What of a resource can be set. */
export function settingsOf({ model, columns, relations }: Resource): readonly Setting[] {
  const settings: Setting[] = [];
  for (const [name, column] of columns) {
    const { set, description } = column;
    const field = fieldOf(dataModel, model, name);
    if (set === undefined || field.kind !== 'scalar') continue;
    settings.push({
      name,
      by: set.by ?? 'update',
      is: 'column',
      type: typeOf(kindOf(field, column)),
      required: field.required && !field.defaulted,
      nullable: !field.required && column.values === undefined,
      description,
      check: set.check,
      admin: set.admin,
    });
  }
  for (const [name, { set, description }] of relations) {
    if (set === undefined) continue;
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
    });
  }
  return settings;
}

/** The fields of an input that sets these parts; for making a row, what must be there is required. */
export function settingFields(
  t: InputBuilder,
  settings: readonly Setting[],
  making: boolean,
): InputFields {
  return Object.fromEntries(
    settings.map(({ name, type, required, description }) => [
      name,
      t.field({ type: type as 'String', required: making && required, description }),
    ]),
  );
}

/** What an input sets. A part that is left out stays as it is; null is nothing, where there may be nothing. */
export function changeOf(
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
): Change {
  const issues: Issue[] = [];
  const parts = { column: {}, reference: {}, links: {} } as Record<
    Setting['is'],
    Record<string, unknown>
  >;
  for (const { name, is, nullable, check } of settings) {
    const value = input[name];
    if (value === undefined) continue;
    if (value === null && !nullable) issues.push({ path: [name], message: 'it cannot be null' });
    else if (value !== null && check !== undefined) {
      for (const { path, message } of check(value)) issues.push({ path: [name, ...path], message });
    }
    parts[is][name] = value;
  }
  if (issues.length > 0) throw badInput(issues);
  return {
    columns: parts.column,
    references: parts.reference as Change['references'],
    links: parts.links as Change['links'],
  };
}

/** Throws FORBIDDEN where an input sets what platform admins alone set (D12). */
export function assertMaySet(
  { isPlatformAdmin }: Principal,
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
  making: boolean,
): void {
  if (isPlatformAdmin) return;
  const forAdmins = settings.filter(({ admin }) => admin === 'always' || (admin && !making));
  const set = forAdmins.filter(({ name }) => input[name] !== undefined);
  if (set.length > 0) {
    throw forbidden(
      `${set.map(({ name }) => name).join(', ')}: set by platform admins alone (D12)`,
    );
  }
}

/** The actions besides creating that a new row must permit: those that set what is set of it. */
export function actionsOf(
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
): readonly SetBy[] {
  const named = settings.filter(({ name, by }) => by !== 'update' && input[name] !== undefined);
  return [...new Set(named.map(({ by }) => by))];
}
