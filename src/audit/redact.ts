import { CONFIG_TYPES } from '../policy/vocabulary.js';
import {
  isRedactedModel,
  PARTS,
  REDACTION,
  type RedactedModel,
  type Treatment,
} from './redaction.js';

type Row = Readonly<Record<string, unknown>>;

/** What stands in the record for a value that it must not have. */
export const REDACTED = '[redacted]';

/** The model that the vocabulary calls so: `virtualKey` is VirtualKey. */
const modelOf = (resourceType: string): string =>
  `${resourceType.charAt(0).toUpperCase()}${resourceType.slice(1)}`;

/**
 * A row as the record may keep it (D19). `other` is the same row at the other side of the change: what was
 * or becomes a secret is left out of both.
 *
 * INVARIANT: what nobody has decided on is not kept: a column, a key that is no column, a whole type.
 */
export function redact(model: string, row: object, other: object | null = null): Row {
  const values = row as Row;
  if (!isRedactedModel(model)) return 'id' in values ? { id: values.id } : {};
  const treatments = REDACTION[model] as Readonly<Record<string, Treatment>>;
  const isSecret =
    isSecretConfig(model, values) || (other !== null && isSecretConfig(model, other));
  const kept: Record<string, unknown> = {};
  for (const [column, treatment] of Object.entries(treatments)) {
    const value = Object.hasOwn(values, column) ? values[column] : undefined;
    if (value === undefined || treatment === 'left out') continue;
    const hides = treatment === 'redacted' || (treatment === 'unless secret' && isSecret);
    kept[column] = hides && value !== null ? REDACTED : value;
  }
  for (const part of partsOf(model)) {
    const ids = Object.hasOwn(values, part) ? values[part] : undefined;
    if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) kept[part] = ids;
  }
  return kept;
}

/** Both sides of a change as the record may keep them. */
export function redactChange(
  resourceType: string,
  before: object | null | undefined,
  after: object | null | undefined,
): { readonly before: Row | null; readonly after: Row | null } {
  const model = modelOf(resourceType);
  const one = (row: object | null | undefined, other: object | null | undefined) =>
    row === null || row === undefined ? null : redact(model, row, other ?? null);
  return { before: one(before, after), after: one(after, before) };
}

/** INVARIANT: a type that this version does not know, or that was not read, may be that of a secret (D16). */
function isSecretConfig(model: RedactedModel, row: object): boolean {
  if (model !== 'Config') return false;
  const type: unknown = Reflect.get(row, 'type');
  return type === 'SECRET' || !(CONFIG_TYPES as readonly unknown[]).includes(type);
}

function partsOf(model: RedactedModel): readonly string[] {
  return PARTS[model] ?? [];
}
