import { CATALOG } from '../catalog.js';
import { ACTIONS } from '../world/built-in.js';
import type { Cell, Row } from '../world/types.js';
import type { Change, Settings } from '../writing/write.js';

/** Cells that may be empty; so may be the workflow of a form, a team, the value of a config, and when something ends. */
const MAY_BE_NULL: readonly string[] = [
  'description',
  'value',
  'workflow',
  'team',
  'label',
  'externalId',
  'expiresAt',
];

/** Whether any part of an input is nothing that a row can have, whoever sets it. */
export function isMistaken(type: Change['type'], set: Settings): boolean {
  return Object.entries(set).some(([part, value]) => {
    // What a scope is called may be said by its external id or its type.
    if (value === null)
      return !MAY_BE_NULL.includes(part) && !(type === 'Scope' && part === 'name');
    if (typeof value === 'object' || CATALOG[type].toOne[part] !== undefined) return false;
    return !isSaid(type, part, value);
  });
}

function isSaid(type: Change['type'], part: string, value: Cell): boolean {
  const text = String(value);
  switch (part) {
    case 'name':
      return isName(text);
    case 'slug':
      return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= 100 && isName(text);
    case 'key':
      return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(text) && isName(text);
    case 'externalId':
      return text !== '';
    case 'endpoint':
      return !/\p{Cc}/u.test(text) && text !== '' && !/\s/.test(text);
    case 'accessLevel':
      // D6: PRIVATE is for agents.
      return text !== 'PRIVATE' || type === 'Agent';
    default:
      return true;
  }
}

/** D10: `*` and `owned` are no names. */
function isName(text: string): boolean {
  return (
    !/\p{Cc}/u.test(text) &&
    text !== '' &&
    text.trim() === text &&
    text.length <= 255 &&
    !['*', 'owned'].includes(text)
  );
}

const HOLDS: Readonly<Record<string, (value: Cell | undefined) => boolean>> = {
  STRING: (value) => typeof value === 'string',
  NUMBER: (value) => typeof value === 'number',
  BOOLEAN: (value) => typeof value === 'boolean',
  JSON: () => true,
  SECRET: (value) => value != null,
};

/** D16: a value is of its config's type, a secret any that is something; of a type unknown none is written. */
export function isSound(type: Cell | undefined, value: Cell | undefined): boolean {
  return HOLDS[String(type)]?.(value) ?? false;
}

/** A word of the vocabulary, ours or that of another service. */
const WORD = /^[a-z][A-Za-z0-9_]{0,63}$/;

/** Whether a row as it would be is one that there can be, of the types that no single part of it shows. */
export function canBe({ type, cells, one }: Row): boolean {
  if (type === 'Membership') {
    const { user, team, apiKey, virtualKey } = one;
    return [user, team, apiKey, virtualKey].filter((id) => id != null).length === 1;
  }
  if (type !== 'Permission') return true;
  const { resourceType, action, resourcePattern } = cells;
  const known = ACTIONS[String(resourceType)];
  return (
    WORD.test(String(resourceType)) &&
    WORD.test(String(action)) &&
    // Of a type of other services any action will do.
    (known === undefined || known.includes(String(action))) &&
    isPattern(String(resourcePattern))
  );
}

/** D10: `*`, an exact id or name, `prefix/*` or `owned`, and no other. */
function isPattern(pattern: string): boolean {
  if (pattern === '*') return true;
  const stem = pattern.endsWith('/*') ? pattern.slice(0, -2) : pattern;
  return stem !== '' && !stem.includes('*');
}
