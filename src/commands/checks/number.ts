import { type Check, issue } from './check.js';

/** A whole number from one to another. */
export const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? []
      : [issue(`it is a whole number from ${least} to ${most}`)];
