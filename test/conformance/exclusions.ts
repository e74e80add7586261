import type { CellFacts } from './catalog.js';

/**
 * What is known to be answered otherwise than agreed, and so is not asked until it is mended. Each
 * entry says what is wrong; an empty list is the goal.
 */
export const isExcluded = {
  /**
   * `every` over a relation with a join table (roles, permissions, tools, delegates, members) asks of
   * each row that it satisfies the test, where it should ask that none satisfies the negation. The
   * two differ for columns that are null and for management fields of rows that are not managed.
   */
  insideEvery: (cell: CellFacts | undefined): boolean =>
    cell?.nullable === true || cell?.managed === true,
};
