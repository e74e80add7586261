import type { InputObjectRef } from '@pothos/core';
import { dataModel } from '../data/generated-data-model.js';
import { badUserInput } from '../errors.js';
import { fieldOf } from '../query/data-model.js';
import { builder } from './builder.js';
import type { Resource } from './declared.js';
import type { SortField, SortKey } from './keyset.js';
import { kindOf } from './kinds.js';
import type { Types } from './types.js';

type OrderInput = { field: string; direction?: 'asc' | 'desc' | null };

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
 * The order of a resource's lists, by what it declares to be sorted by; the first of it is the default
 * unless the latest come first.
 * Only open columns of the row itself (D15); text sorts by its bytes.
 */
export function defineOrder(resource: Resource): Order {
  const { model } = resource;
  const fields = sortFields(resource);
  const [first] = Object.values(fields);
  const latest = Object.values(fields).find(({ field }) => field === resource.latest);
  if (first === undefined) throw new Error(`${model} needs something to sort by`);
  const FieldEnum = builder.enumType(`${model}OrderField`, {
    description: `What ${model} lists can be sorted by.`,
    values: Object.fromEntries(
      Object.entries(fields).map(([name, { description }]) => [name, { value: name, description }]),
    ),
  });
  const input = builder.inputRef<OrderInput>(`${model}Order`).implement({
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
        if (latest !== undefined) return [keyOf(latest, 'desc'), { ...ID, direction: 'desc' }];
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

type Described = SortField & { readonly description: string };

/** By the names of the API: `createdAt` is CREATED_AT. What names the rows comes first, the id last. */
function sortFields({ model, columns, policy }: Resource): Readonly<Record<string, Described>> {
  const place = (name: string): number => (name === policy.name ? 0 : name === 'id' ? 2 : 1);
  const names = [...columns].filter(([, { sort }]) => sort).map(([name]) => name);
  names.sort((a, b) => place(a) - place(b));
  return Object.fromEntries(
    names.map((name) => {
      const field = fieldOf(dataModel, model, name);
      const kind = field.kind === 'scalar' ? kindOf(field, {}) : undefined;
      if (typeof kind !== 'string' || kind === 'json' || columns.get(name)?.class !== 'open') {
        throw new Error(`${model} cannot be sorted by ${name}`);
      }
      const described: Described = {
        field: name,
        kind,
        nullable: !field.required,
        description: describe(name, kind, columns.get(name)?.description ?? ''),
      };
      return [name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(), described];
    }),
  );
}

function describe(name: string, kind: SortField['kind'], description: string): string {
  if (kind === 'text') return `By ${name}, by the bytes of the text.`;
  if (kind !== 'date') return `By ${name}.`;
  return `By ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
}
