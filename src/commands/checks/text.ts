import { isText } from '../../query/text.js';
import { type Check, issue } from './check.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;
// Texts of several lines have these.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/** Text of at most so many characters. It is kept as it is given: no normal form is made of it. */
const text =
  (most: number, { lines = false } = {}): Check =>
  (value) => {
    if (value === null) return [];
    if (typeof value !== 'string' || !isText(value)) return [issue('it is no Unicode text')];
    if ((lines ? CONTROL_BUT_LINES : CONTROL).test(value))
      return [issue('it has control characters')];
    return [...value].length > most ? [issue(`it has more than ${most} characters`)] : [];
  };

/** A name, as patterns compare it (D10): `*` and `owned` mean something there. */
export const name: Check = (value) => {
  const issues = text(255)(value);
  if (issues.length > 0 || typeof value !== 'string') return issues;
  if (value === '*' || value === 'owned') return [issue('this word has a meaning of its own')];
  return value.trim() === value && value !== ''
    ? []
    : [issue('it is empty, or begins or ends with a space')];
};

/** A name in addresses. */
export const slug: Check = (value) =>
  typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) && value.length <= 100
    ? name(value)
    : [issue('a slug is a-z, 0-9 and single hyphens between them, at most 100 characters')];

/** The key of a setting. */
export const key: Check = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(value) && value.length <= 255
    ? name(value)
    : [issue('a key is letters, digits, `_`, `.`, `-` and `/`, at most 255 characters')];

/** What people call something that has a name of its own. */
export const label: Check = text(255);

/** What another system calls something: kept and compared as it is. */
export const externalId: Check = (value) =>
  value === '' ? [issue('it is empty')] : text(255)(value);

/** Where workers look for what there is to do. */
export const queue: Check = (value) =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{0,99}$/.test(value)
    ? []
    : [issue('a queue is a-z, 0-9, `.`, `_` and `-`, at most 100 characters')];

/** Why something was done. */
export const reason: Check = text(1_000, { lines: true });

/** What something is for. */
export const description: Check = text(10_000, { lines: true });

/** An email address, in lower case, as users are found by it (D18). */
export const email: Check = (value) =>
  typeof value === 'string' &&
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) &&
  value === value.toLowerCase()
    ? text(320)(value)
    : [issue('it is no email address in lower case')];

/** A name of a host. */
export const domain: Check = (value) =>
  value === null ||
  (typeof value === 'string' && value.length <= 253 && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value))
    ? []
    : [issue('it is no domain in lower case')];

/** What an agent is told. */
export const instructions: Check = text(100_000, { lines: true });

/** What a workflow calls: an address or a path, which its worker understands. */
export const endpoint: Check = (value) =>
  typeof value === 'string' && /^\S+$/.test(value)
    ? text(2_000)(value)
    : [issue('an endpoint has no spaces and is not empty')];
