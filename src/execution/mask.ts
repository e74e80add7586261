import { isText } from '../query/text.js';

/** Shorter ones are in too much that is no secret. */
const LEAST = 6;
const MASK = '***';
/** More are not looked for: then nothing of what is said is kept. */
const MOST_TEXTS = 2_000;
/** A larger pattern is one that JavaScript may refuse, with all of it in the message of its error. */
const PATTERN_TEXTS = 200;
const PATTERN_CHARS = 20_000;

/**
 * What replaces every secret that was handed to an execution in what it says (D31): in texts and in names, as it is, as JSON,
 * a URL or Base64 has it, and each line of one that has several. Where there are more ways to write them than are looked for,
 * all of what is said is replaced.
 *
 * INVARIANT: it throws nothing, for an error would carry the secrets into the log.
 *
 * @param secrets any JSON: each text and number in it of at least 6 characters is one
 */
export function maskOf(secrets: readonly unknown[]): <T>(value: T) => T {
  const texts = new Set(secrets.flatMap(textsIn).flatMap(waysOf));
  const found = [...texts].filter((text) => text.length >= LEAST);
  if (found.length === 0) return (value) => value;
  if (found.length > MOST_TEXTS) return <T>(value: T) => (value == null ? value : MASK) as T;
  // Of two that begin alike the longer is the one that is there.
  found.sort((a, b) => b.length - a.length);
  const patterns = patternsOf(found);
  const without = (text: string): string =>
    patterns.reduce<string>((rest, pattern) => rest.replaceAll(pattern, MASK), text);
  const masked = (value: unknown): unknown => {
    switch (typeof value) {
      case 'string':
        return without(value);
      case 'number':
        return without(String(value)) === String(value) ? value : MASK;
      case 'object':
        if (value === null) return null;
        if (Array.isArray(value)) return value.map(masked);
        return Object.fromEntries(
          Object.entries(value).map(([name, one]) => [without(name), masked(one)]),
        );
      default:
        return value;
    }
  };
  return <T>(value: T) => masked(value) as T;
}

function textsIn(secret: unknown): string[] {
  if (typeof secret === 'string') return [secret];
  if (typeof secret === 'number') return [String(secret)];
  if (typeof secret !== 'object' || secret === null) return [];
  return Object.values(secret).flatMap(textsIn);
}

function waysOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const written = [text, ...lines].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    ...(isText(one) ? [encodeURIComponent(one)] : []),
  ]);
  const whole = [text, text.trim()].filter((one) => one.length >= LEAST);
  return [...written, ...whole.flatMap(base64Of)];
}

/** Base64 of it alone, and of it within something else: what of that it decides alone, wherever in three bytes it begins. */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text);
  const within = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6)];
    return all.toString('base64').slice(from, to);
  });
  const ways = [bytes.toString('base64').replace(/=+$/, ''), ...within];
  return [...ways, ...ways.map((way) => way.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Patterns that together find all of these, one after the other; a text that is too long for one stands for itself. */
function patternsOf(texts: readonly string[]): (RegExp | string)[] {
  const patterns: (RegExp | string)[] = [];
  let some: string[] = [];
  let chars = 0;
  const close = () => {
    if (some.length > 0) patterns.push(new RegExp(some.join('|'), 'g'));
    some = [];
    chars = 0;
  };
  for (const text of texts) {
    const pattern = escaped(text);
    if (some.length === PATTERN_TEXTS || chars + pattern.length > PATTERN_CHARS) close();
    if (pattern.length > PATTERN_CHARS) patterns.push(text);
    else {
      some.push(pattern);
      chars += pattern.length;
    }
  }
  close();
  return patterns;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
