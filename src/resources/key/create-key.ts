import { createRow } from '../../commands/create-row.js';
import type { Session } from '../../commands/session.js';
import { actionsOf, assertMaySet, changeOf, type Setting } from '../../commands/settings.js';
import { actingAt } from '../../commands/spot.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { type CredentialKind, makeCredential } from '../../secrets/credential.js';

/** A key with its value, which is told once and kept nowhere. */
export interface Handed {
  readonly row: Row;
  readonly value: string;
}

/**
 * Makes a key and its value. An owner or a team that is said is a transfer, and needs the permission for one.
 *
 * @throws DomainError FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function createKey(
  session: Session,
  writable: Writable,
  kind: CredentialKind,
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
): Promise<Handed> {
  const set = changeOf(settings, input);
  assertMaySet(session.principal, settings, input, true);
  const { spot, there } = await actingAt(session, input.scope as string | null | undefined);
  const { value, prefix, hash } = makeCredential(kind);
  const change = { ...set, columns: { ...set.columns, prefix, hash } };
  const actions = ['create', ...actionsOf(settings, input)];
  return { row: await createRow(there, writable, spot, change, actions), value };
}
