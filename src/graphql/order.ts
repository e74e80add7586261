import type { InputObjectRef } from '@pothos/core';
import { badUserInput } from '../errors.js';
import { builder, type SchemaShape } from './builder.js';
import type { SortField, SortKey } from './keyset.js';

type OrderInput = { field: string; direction?: 'asc' | 'desc' | null };
type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;

/** What a list can be sorted by. */
export interface Order {
  readonly input: InputObjectRef<Types, OrderInput>;
  /** The keys of a requested order, ended by the id so that it is total. */
  toKeys(requested: readonly OrderInput[] | null | undefined): SortKey[];
}

const SortDirection = builder.enumType('SortDirection', {
  description: 'Which end of an order comes first.',
  values: {
    ASC: { value: 'asc', description: 'Smallest first; missing values last.' },
    DESC: { value: 'desc', description: 'Greatest first; missing values first.' },
  } as const,
});

const ID: SortKey = { field: 'id', kind: 'id', nullable: false, direction: 'asc' };

/**
 * Declares the order of a type's lists: enum values by name, the first of them the default. Only
 * open columns of the row itself (D15); text sorts by its bytes.
 */
export function defineOrder(
  type: string,
  fields: Readonly<Record<string, SortField & { description: string }>>,
): Order {
  const [first] = Object.values(fields);
  if (first === undefined) throw new Error(`${type} needs something to sort by`);
  const FieldEnum = builder.enumType(`${type}OrderField`, {
    description: `What ${type} lists can be sorted by.`,
    values: Object.fromEntries(
      Object.entries(fields).map(([name, { description }]) => [name, { value: name, description }]),
    ),
  });
  const input = builder.inputRef<OrderInput>(`${type}Order`).implement({
    description: 'A key of an order; later keys decide among equals of the earlier ones.',
    fields: (t) => ({
      field: t.field({ type: FieldEnum, required: true, description: 'What to sort by.' }),
      direction: t.field({
        type: SortDirection,
        defaultValue: 'asc',
        description: 'Which end first.',
      }),
    }),
  });
  const keyOf = ({ field, kind, nullable }: SortField, direction: 'asc' | 'desc'): SortKey => ({
    field,
    kind,
    nullable,
    direction,
  });
  return {
    input: input as unknown as Order['input'],
    toKeys: (requested) => {
      if (requested === null || requested === undefined || requested.length === 0) {
        return first.field === 'id' ? [ID] : [keyOf(first, 'asc'), ID];
      }
      const keys = requested.map(({ field, direction }) => {
        const known = fields[field];
        if (known === undefined) throw badUserInput(`cannot sort by ${field}`);
        return keyOf(known, direction ?? 'asc');
      });
      const names = keys.map((key) => key.field);
      if (new Set(names).size < names.length) throw badUserInput('an order names a field twice');
      return names.includes('id') ? keys : [...keys, ID];
    },
  };
}
