import { CATALOG } from '../catalog.js';
import type { CascadingType, Cell } from '../world/types.js';
import type { Settings } from '../writing/write.js';

/** Cells that may be empty; so may be the workflow of a form, a team, and the value of a config. */
const MAY_BE_NULL: readonly string[] = ['description', 'value', 'workflow', 'team'];

/** Whether any part of an input is nothing that a row can have, whoever sets it. */
export function isMistaken(type: CascadingType, set: Settings): boolean {
  return Object.entries(set).some(([part, value]) => {
    if (value === null) return !MAY_BE_NULL.includes(part);
    if (typeof value === 'object' || CATALOG[type].toOne[part] !== undefined) return false;
    return !isSaid(type, part, value);
  });
}

function isSaid(type: CascadingType, part: string, value: Cell): boolean {
  const text = String(value);
  switch (part) {
    case 'name':
      return isName(text);
    case 'slug':
      return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= 100 && isName(text);
    case 'key':
      return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(text) && isName(text);
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
};

/** D16: a value is of its config's type; what is secret, or of a type unknown, is not written. */
export function isSound(type: Cell | undefined, value: Cell | undefined): boolean {
  return HOLDS[String(type)]?.(value) ?? false;
}
