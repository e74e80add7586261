import type { Outcome } from './decisions.js';
import type { Why } from './explanation.js';

const SHOULD = { true: 'YES', false: 'NO' } as const;

/** A failed expectation in words: what was expected, what is so, and why. */
export function failureLines(
  file: string,
  { expectation, answer }: Outcome,
  { reason, lines }: Why,
): string[] {
  const { line, who, permitted, said, because } = expectation;
  return [
    `${file}:${line}: ${who} ${permitted ? 'can' : 'cannot'} ${said}`,
    `  expected ${SHOULD[`${permitted}`]}, is ${answer}: ${reason}`,
    ...(because === undefined ? [] : [`  the file says why: ${because}`]),
    ...lines.map((one) => `  ${one}`),
  ];
}

/** `1 file`, `2 files`. */
export const counted = (count: number, of: string): string =>
  `${count} ${of}${count === 1 ? '' : 's'}`;
