import { locate } from '../../commands/locate.js';
import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { badUserInput } from '../../errors.js';
import { openSecret } from './kept-value.js';
import { recordReveal } from './record-reveal.js';

/** A secret with what it is set to. */
export interface Revealed {
  readonly row: Row;
  readonly value: unknown;
}

/**
 * What a secret is set to (D16), for who holds `config:reveal` on it; recorded with the reason.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT: it is no secret; SECRET_KEY_MISSING
 */
export async function revealConfig(
  session: Session,
  id: string,
  reason: string,
): Promise<Revealed> {
  const row = await locate(session, 'Config', { id }, 'reveal');
  if (row.type !== 'SECRET') throw badUserInput('it is no secret: read its value');
  const value = await openSecret(session, row);
  recordReveal(session, row, reason);
  return { row, value };
}
