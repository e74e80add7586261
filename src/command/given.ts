import { type Given, UsageError } from './command.js';

/** The text of an option; undefined: it was not given. */
export function textOf({ values }: Given, option: string): string | undefined {
  const value = values[option];
  return typeof value === 'string' ? value : undefined;
}

/** Whether an option without a value was given. */
export const isAsked = ({ values }: Given, option: string): boolean => values[option] === true;

/** The bounds of a number, and what it is when it is not given; without that, it must be. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly otherwise?: number;
}

/** The number of an option. Throws UsageError: it is none, or beyond its bounds. */
export function numberOf(given: Given, option: string, { least, most, otherwise }: Bounds): number {
  const text = textOf(given, option);
  if (text === undefined && otherwise !== undefined) return otherwise;
  const number = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new UsageError(`--${option} must be a whole number from ${least} to ${most}`);
  }
  return number;
}
