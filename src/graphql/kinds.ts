import type { ScalarShape } from '../query/data-model.js';
import type { Column } from './columns.js';
import { enumOf } from './enums.js';
import type { AnyEnum } from './types.js';

/** What a column holds, as the API speaks of it. */
export type Kind = 'id' | 'text' | 'boolean' | 'number' | 'date' | 'json' | AnyEnum;

const KINDS: Readonly<Record<string, Kind>> = {
  String: 'text',
  Int: 'number',
  Boolean: 'boolean',
  DateTime: 'date',
  Json: 'json',
};

const TYPES = {
  id: 'ID',
  text: 'String',
  number: 'Int',
  boolean: 'Boolean',
  date: 'DateTime',
  json: 'JSON',
} as const;

/** A column's kind. Throws on one of a type that the API does not have. */
export function kindOf(field: ScalarShape, { values }: Pick<Column, 'values'>): Kind {
  if (values !== undefined) return enumOf(values);
  const kind = field.uuid ? 'id' : KINDS[field.type];
  if (kind === undefined) throw new Error(`a column of type ${field.type} cannot be shown`);
  return kind;
}

/** The GraphQL type of a kind. */
export function typeOf(kind: Kind) {
  return typeof kind === 'string' ? TYPES[kind] : kind;
}

/** The value if it is in the vocabulary, otherwise null: unknown words are shown as no word. */
export function known(vocabulary: readonly string[], value: unknown): string | null {
  return (vocabulary as readonly unknown[]).includes(value) ? (value as string) : null;
}
