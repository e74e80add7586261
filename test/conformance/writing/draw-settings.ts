import { CATALOG } from '../catalog.js';
import { type Asking, mayRead, mayUse, RESOURCE } from '../oracle/decide.js';
import { tenantOf } from '../oracle/tree.js';
import type { Random } from '../questions/random.js';
import type { CascadingType, Cell, Row, TypeName } from '../world/types.js';
import type { Settings } from './write.js';

/** Ids of nothing, and what is none. */
export const ABSENT = ['00000000-0000-7000-8000-00000000dead', 'not an id', '', '%'] as const;

/** What updating a row of a type sets. */
const UPDATED: Readonly<Record<CascadingType, readonly string[]>> = {
  Form: ['name', 'description', 'isActive', 'workflow'],
  Workflow: ['name', 'description', 'isActive', 'endpoint'],
  Agent: ['name', 'description', 'isActive', 'instructions', 'tools', 'delegates'],
  App: ['name', 'description', 'isActive', 'slug'],
  Config: ['key', 'description', 'isActive', 'type', 'value', 'isFinal'],
};
const SHARED = ['accessLevel', 'roles'];
const TRANSFERRED = ['owner', 'team'];

/** What a row cannot be made without. */
const NEEDED: Readonly<Record<CascadingType, readonly string[]>> = {
  Form: ['name'],
  Workflow: ['name', 'endpoint'],
  Agent: ['name'],
  App: ['name', 'slug'],
  Config: ['key', 'type', 'value'],
};

/** Some of what can be set that way, to values that it might have; a few that it cannot. */
export function drawSettings(
  asking: Asking,
  random: Random,
  type: CascadingType,
  by: 'create' | 'update' | 'share' | 'transfer',
  row: Row | null = null,
): Settings {
  const parts = partsFor(asking, random, type, by);
  const drawn = parts.map((part) => [part, drawValue(asking, random, type, part, row)] as const);
  return withMatchingValue(Object.fromEntries(drawn), random, row);
}

function partsFor(asking: Asking, random: Random, type: CascadingType, by: string): string[] {
  const some = (parts: readonly string[], most: number): string[] => random.some(parts, most);
  // To set nothing is a mistake.
  const any = (parts: readonly string[]): string[] =>
    random.chance(0.05) ? [] : [random.one(parts), ...some(parts, 1)];
  switch (by) {
    case 'share':
      return any(SHARED);
    case 'transfer':
      return any(TRANSFERRED);
    case 'update':
      return any(UPDATED[type]);
    default:
      return [
        ...NEEDED[type],
        ...some(UPDATED[type], 2),
        ...(type !== 'Config' && random.chance(0.25) ? some(SHARED, 2) : []),
        // Who has no user behind them says mostly whose it is (D40).
        ...(random.chance(asking.person.userId === null ? 0.6 : 0.2) ? some(TRANSFERRED, 2) : []),
      ];
  }
}

function drawValue(
  asking: Asking,
  random: Random,
  type: CascadingType,
  part: string,
  row: Row | null,
): Cell | readonly string[] {
  const { toOne, toMany } = CATALOG[type];
  // GraphQL itself refuses null where something is needed to make a row.
  if (!NEEDED[type].includes(part) && random.chance(0.02)) return null;
  const one = toOne[part];
  if (one !== undefined) {
    return part !== 'owner' && random.chance(0.25) ? null : drawTarget(asking, random, one.to, row);
  }
  const many = toMany[part];
  if (many !== undefined) {
    return Array.from({ length: random.below(3) }, () => drawTarget(asking, random, many.to, row));
  }
  // What is a secret is set to what is nothing else.
  if (part === 'value' && row?.cells.type === 'SECRET') return hush(random);
  return drawCell(asking, random, type, part);
}

/** Mostly what is near and can be seen, as most else is refused. */
function drawTarget(asking: Asking, random: Random, type: TypeName, from: Row | null): string {
  const rows = asking.tree.of(type);
  const tenant = from === null ? asking.place.organizationId : tenantOf(from);
  const near = rows.filter((row) => [null, tenant].includes(tenantOf(row)));
  const readable = near.filter((row) => mayRead(asking, row));
  // Of agents those are worth a try that are seen and no more (D13).
  const closed = type === 'Agent' ? readable.filter((row) => !mayUse(asking, row)) : [];
  const seen = closed.length > 0 && random.chance(0.4) ? closed : readable;
  const chance = random.next();
  if (chance > 0.97 || rows.length === 0) return random.one(ABSENT);
  // Who sees other tenants refers to theirs now and then (D20).
  const usual = asking.person.isAdmin ? 0.5 : 0.75;
  const choices = chance < usual ? seen : chance < 0.87 && !asking.person.isAdmin ? near : rows;
  const { id } = random.one(choices.length > 0 ? choices : rows);
  return random.chance(0.05) ? id.toUpperCase() : id;
}

const NAMES = ['a', 'a/b', 'b', 'a/b/c', 'ab', 'fresh', 'fresh/x', '\u00e9', '%'];
const BAD_NAMES = ['', ' a', '*', 'owned', 'a\u0007'];
const TEXTS = ['one', 'two\nlines', '%', '\u{1F600}'];

function drawCell(asking: Asking, random: Random, type: CascadingType, part: string): Cell {
  const rows = asking.tree.of(type);
  const taken = rows.map(({ cells }) => cells[part] ?? null);
  switch (part) {
    case 'name':
      return random.one(
        random.chance(0.04) ? BAD_NAMES : [...NAMES, ...taken, ...caught(asking, type)],
      );
    case 'slug':
      return random.one(random.chance(0.04) ? ['A', 'a--b', ''] : ['a', 'b', 'fresh', 'a-b']);
    case 'key':
      return random.one(
        random.chance(0.04) ? ['/a', 'a b', ''] : ['a', 'a/b', 'b', 'fresh', ...taken],
      );
    case 'endpoint':
      return random.one(random.chance(0.04) ? ['', 'a b'] : ['/x', 'https://x.test/y']);
    case 'accessLevel':
      return random.one(['AUTHENTICATED', 'ROLE_BASED', 'ROLE_BASED', 'PRIVATE']);
    case 'type':
      return random.one(['STRING', 'STRING', 'NUMBER', 'BOOLEAN', 'JSON', 'SECRET', 'SECRET']);
    case 'value':
      return random.one(['v', 'w', 2, true]);
    case 'isActive':
      return random.chance(0.5);
    case 'isFinal':
      return random.chance(0.4);
    default:
      return random.one(TEXTS);
  }
}

/** Names that somebody's pattern matches (D10). */
function caught({ tree }: Asking, type: CascadingType): Cell[] {
  return tree.of('Permission').flatMap(({ cells }) => {
    const pattern = String(cells.resourcePattern);
    if (cells.resourceType !== RESOURCE[type] || ['*', 'owned'].includes(pattern)) return [];
    return pattern.endsWith('/*') ? [pattern.replace('*', 'caught')] : [pattern];
  });
}

/** Keys that are reserved below (D5), more than once. */
export function finals(rows: readonly Row[]): Cell[] {
  const keys = rows
    .filter(({ cells }) => cells.isFinal === true)
    .map(({ cells }) => cells.key ?? null);
  return [...keys, ...keys, ...keys];
}

/** What a secret is set to, and nothing else ever. */
const hush = (random: Random): string => `hush ${100 + random.below(1_000_000_000)}`;

/** A value is mostly of its type. */
function withMatchingValue(set: Settings, random: Random, row: Row | null): Settings {
  if (set.type === undefined || random.chance(0.1)) return set;
  // What was a secret is made another type without saying to what, too (D16).
  if (row?.cells.type === 'SECRET' && random.chance(0.5)) {
    const { value: _, ...others } = set;
    return others;
  }
  if (set.type === 'SECRET') return { ...set, value: hush(random) };
  const values: Readonly<Record<string, Cell>> = { STRING: 'w', NUMBER: 3, BOOLEAN: false };
  return { ...set, value: values[String(set.type)] ?? 'x' };
}
