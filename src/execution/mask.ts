import { isText } from '../query/text.js';

/** Shorter ones are in too much that is no secret. */
const LEAST = 6;
const MASK = '***';

/**
 * What replaces every secret that was handed to an execution in what it says (D31): in texts and in names, as it is, as JSON
 * or a URL has it, and each line of one that has several.
 *
 * @param secrets any JSON: each text and number in it of at least 6 characters is one
 */
export function maskOf(secrets: readonly unknown[]): <T>(value: T) => T {
  const texts = new Set(secrets.flatMap(textsIn).flatMap(waysOf));
  const found = [...texts].filter((text) => text.length >= LEAST);
  if (found.length === 0) return (value) => value;
  // Of two that begin alike the longer is the one that is there.
  found.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(found.map(escaped).join('|'), 'g');
  const masked = (value: unknown): unknown => {
    switch (typeof value) {
      case 'string':
        return value.replace(pattern, MASK);
      case 'number':
        return String(value).search(pattern) < 0 ? value : MASK;
      case 'object':
        if (value === null) return null;
        if (Array.isArray(value)) return value.map(masked);
        return Object.fromEntries(
          Object.entries(value).map(([name, one]) => [name.replace(pattern, MASK), masked(one)]),
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
  return [text, ...lines].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    ...(isText(one) ? [encodeURIComponent(one)] : []),
  ]);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
