/** One thing that somebody can or cannot do, as it is written: `update form Order paint at site`. */
export interface Sentence {
  readonly action: string;
  readonly resourceType: string;
  /** Left out: any such resource. */
  readonly name: string | undefined;
  readonly at: string | undefined;
  readonly owner: string | undefined;
}

const BEGIN = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s;
const QUOTED = /^"([^"]*)"(?:\s+(.*))?$/s;
const OWNED = /(?:^|\s)owned by (\S+)$/;
const AT = /(?:^|\s)at (\S+)$/;

/**
 * Reads `<action> <type> [<name>] [at <place>] [owned by <person>]`. A name in which one of these words stands is
 * written in double quotes. A string says what is wrong.
 */
export function readSentence(said: string): Sentence | string {
  const [, action, resourceType, rest = ''] = BEGIN.exec(said.trim()) ?? [];
  if (action === undefined || resourceType === undefined) {
    return 'must be "<action> <type> [<name>] [at <place>] [owned by <person>]"';
  }
  const quoted = QUOTED.exec(rest);
  let left = (quoted === null ? rest : (quoted[2] ?? '')).trim();
  const take = (part: RegExp): string | undefined => {
    const found = part.exec(left);
    if (found !== null) left = left.slice(0, found.index).trim();
    return found?.[1];
  };
  const owner = take(OWNED);
  const at = take(AT);
  if (quoted === null) {
    return { action, resourceType, name: left === '' ? undefined : left, at, owner };
  }
  if (left !== '') return `what is "${left}" after the name?`;
  return { action, resourceType, name: quoted[1] ?? '', at, owner };
}
