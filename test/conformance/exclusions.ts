import type { CellKind } from './catalog.js';

/**
 * What is known to be answered wrongly, and so is not asked until it is mended. Each entry says what
 * is wrong; an empty list is the goal.
 */
export const isExcluded = {
  /** `{ isActive: { eq: true } }` on any type ends in INTERNAL_SERVER_ERROR. */
  filterOn: (kind: CellKind | undefined): boolean => kind === 'boolean',
  /**
   * `not: { parent: { is: { name: { eq } } } }` leaves out rows whose parent has no name: the negation
   * goes into the related row, where a comparison with null holds neither way.
   */
  filterOnRelated: (nullable: boolean): boolean => nullable,
  /**
   * The gateway lets nobody without a user behind use a ROLE_BASED row. D6 asks for a user only under
   * AUTHENTICATED, and an ownerless key has memberships of its own (D18).
   */
  roleBasedWithoutUser: true,
};
