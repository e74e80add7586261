import { literal } from '../data/sql/draft.js';

/** A part of the text of an answer: as it stands, or an expression of SQL that gives it. */
export type Part = string | { readonly sql: string };

/** An expression that gives the parts one after the other. */
export function concatenated(parts: readonly Part[]): string {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string')
      merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return balanced(merged.map((part) => (typeof part === 'string' ? said(part) : part.sql)));
}

/**
 * One after the other, as a tree that is as low as it can be. INVARIANT: a chain of hundreds is as deep as it is long, and
 * the embedded database then answers nothing, without an error.
 */
function balanced(texts: readonly string[]): string {
  const [only = "''"] = texts;
  if (texts.length < 2) return `(${only})`;
  const middle = Math.ceil(texts.length / 2);
  return `(${balanced(texts.slice(0, middle))} || ${balanced(texts.slice(middle))})`;
}

/** A JSON object of these members, in their order. */
export function object(members: readonly (readonly [name: string, value: Part])[]): string {
  const parts = members.flatMap(([name, value], index): Part[] => [
    `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    value,
  ]);
  return concatenated(parts.length === 0 ? ['{}'] : [...parts, '}']);
}

/** INVARIANT: backslashes are what they are, as `standard_conforming_strings` has them. */
function said(text: string): string {
  return literal(text);
}

/**
 * What the database leaves for JavaScript to finish stands between two characters that cannot stand in JSON: what sort it is,
 * and of what it is made.
 */
const HOLE = { begin: '\u0001', end: '\u0002' } as const;

/** Of a withheld field: null, and its coordinate for `extensions.withheld` (D15). */
export const withheld = (coordinate: string): string =>
  said(`null${HOLE.begin}w${coordinate}${HOLE.end}`);

/** A JSON document, whose numbers and order of keys are JavaScript's. */
export const json = (sql: string): string =>
  `(${said(`${HOLE.begin}j`)} || ${sql}::text || ${said(HOLE.end)})`;

/** A cursor, by what it says. */
export const cursor = (content: string): string =>
  `(${said(`"${HOLE.begin}c`)} || ${content} || ${said(`${HOLE.end}"`)})`;

/** More than such an answer may have. */
export const TOO_MUCH = said(`${HOLE.begin}t${HOLE.end}`);

/** A finished answer, or undefined where it is more than it may be. */
export interface Finished {
  readonly text: string;
  /** The coordinates of what was withheld, in their order. */
  readonly withheld: readonly string[];
}

const HOLES = new RegExp(`${HOLE.begin}(.)([^${HOLE.end}]*)${HOLE.end}`, 'g');

/** Fills what the database has left open. */
export function finish(answer: string): Finished | undefined {
  if (!answer.includes(HOLE.begin)) return { text: answer, withheld: [] };
  const coordinates = new Set<string>();
  let isTooMuch = false;
  const text = answer.replaceAll(HOLES, (_hole, sort: string, content: string) => {
    switch (sort) {
      case 'w':
        coordinates.add(content);
        return '';
      case 'j':
        return JSON.stringify(JSON.parse(content));
      case 'c':
        return Buffer.from(content).toString('base64url');
      default:
        isTooMuch = true;
        return '';
    }
  });
  return isTooMuch ? undefined : { text, withheld: [...coordinates].sort() };
}
