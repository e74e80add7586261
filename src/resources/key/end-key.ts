import { locate, type Named } from '../../commands/locate.js';
import { recordWrite } from '../../commands/record.js';
import { isPermitted, type Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import type { Values } from '../../data/prisma/writer.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { badInput, conflict, forbidden } from '../../errors.js';
import { guardWrite } from '../../query/guard-write.js';
import { type CredentialKind, makeCredential } from '../../secrets/credential.js';
import type { Handed } from './create-key.js';
import { assertMayHandOut, type KeyModel } from './handing-out.js';

/** D42: so long the value before a rotation may work. */
export const MOST_OVERLAP_SECONDS = 30 * 24 * 3600;

/**
 * Revokes a key, for ever and at once (D42): it is refused at the next request, whichever of its values comes. One that is
 * revoked stays as it is.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function revokeKey(session: Session, writable: Writable, named: Named): Promise<Row> {
  const before = await locate(session, writable.model, named, 'revoke');
  if (before.revokedAt !== null) return before;
  return write(session, writable, 'revoke', before, {
    revokedAt: await databaseClock(session.tx),
    previousHash: null,
    previousExpiresAt: null,
  });
}

/**
 * Gives a key another value (D42). The one before works for so many seconds more, or no more at all; one before that never does.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN: not permitted, or it does what its rotator could not give (D21); CONFLICT, BAD_USER_INPUT
 */
export async function rotateKey(
  session: Session,
  writable: Writable,
  kind: CredentialKind,
  named: Named,
  overlapSeconds: number,
): Promise<Handed> {
  const before = await locate(session, writable.model, named, 'rotate');
  if (overlapSeconds < 0 || overlapSeconds > MOST_OVERLAP_SECONDS) {
    const message = `it is a whole number from 0 to ${MOST_OVERLAP_SECONDS}`;
    throw badInput([{ path: ['overlapSeconds'], message }]);
  }
  if (before.revokedAt !== null) throw conflict('the key is revoked');
  // Who rotates it gets its value.
  await assertMayHandOut(session, writable.model as KeyModel, before);
  const now = await databaseClock(session.tx);
  const { value, hash } = makeCredential(kind, String(before.prefix));
  const overlap =
    overlapSeconds === 0
      ? { previousHash: null, previousExpiresAt: null }
      : {
          previousHash: await hashOf(session, kind, before.id),
          previousExpiresAt: new Date(now.getTime() + overlapSeconds * 1_000),
        };
  const values = { hash, rotatedAt: now, ...overlap };
  return { row: await write(session, writable, 'rotate', before, values), value };
}

async function hashOf({ tx }: Session, kind: CredentialKind, id: string): Promise<string> {
  const asked = { where: { id }, select: { hash: true } };
  const found =
    kind === 'API_KEY'
      ? await tx.apiKey.findUniqueOrThrow(asked)
      : await tx.virtualKey.findUniqueOrThrow(asked);
  return found.hash;
}

async function write(
  session: Session,
  writable: Writable,
  action: string,
  before: Row,
  values: Values,
): Promise<Row> {
  const { model } = writable;
  const guarded = guardWrite(session.guarding, model, before.id, action);
  const after = await session.writer.update(guarded, values);
  if (after === null || !(await isPermitted(session, model, action, after))) {
    throw forbidden(`${action} is not permitted on the row as it would be`);
  }
  recordWrite(session, writable, action, before, after);
  return after;
}
