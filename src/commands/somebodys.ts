import { forbidden } from '../errors.js';

interface Whose {
  readonly createdById?: unknown;
  readonly ownerId?: unknown;
  readonly teamId?: unknown;
}

/**
 * D15, D40: a row of neither creator, owner nor team is read under every reach (D7), so none is made, and none given away to
 * nobody: a key of nobody says whose what it makes is, and a row that only its team has keeps one. Types whose rows have no
 * creator are none of these.
 *
 * @throws DomainError FORBIDDEN
 */
export function assertSomebodys({ createdById, ownerId = null, teamId = null }: Whose): void {
  if (createdById === null && ownerId === null && teamId === null) {
    throw forbidden('it would be nobody’s');
  }
}
