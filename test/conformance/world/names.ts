/**
 * Names that are easily taken for something else: patterns, wildcards of LIKE, escapes, other
 * letters that look or fold alike, nothing at all. The first ones are likely, so that they collide.
 */
export const NAMES = [
  'a',
  'a/b',
  'b',
  'a',
  'A',
  'a/b/c',
  'ab',
  'ab/c',
  '%',
  'a%',
  '%/x',
  '_',
  '_/b',
  '\\',
  'a\\/b',
  'a\\%',
  '',
  ' a',
  "a'b",
  'a"b',
  '\u00e9',
  'e\u0301',
  '\u{1F600}/\u00fc',
  '\uFB00',
  '\u0130',
  '$1',
  'null',
  `long ${'\u{1D11E}\u00e4'.repeat(40)}`,
] as const;

/** Patterns besides `*`, `owned`, ids and names (D10). */
export const PREFIXES = [
  'a/*',
  'a/b/*',
  '%/*',
  '_/*',
  'ab/*',
  'a\\/*',
  '\u{1F600}/*',
  'b/*',
] as const;
