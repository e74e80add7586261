import { issue } from '../../commands/checks/check.js';
import { isPermitted, type Session } from '../../commands/session.js';
import type { Keeping } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { noteTold } from '../../execution/handed.js';
import { openConfig, sealConfig } from '../../secrets/of-config.js';
import { recordReveal } from './record-reveal.js';

const SECRET = 'SECRET';

/** What a config of each type may be set to; a secret is any JSON that is something. */
const HOLDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  STRING: (value) => typeof value === 'string',
  NUMBER: (value) => typeof value === 'number',
  BOOLEAN: (value) => typeof value === 'boolean',
  JSON: () => true,
  [SECRET]: (value) => value !== null,
};

/**
 * How the value of a config is kept (D16): as it is, or, of a SECRET, encrypted with the row's id bound to it. Another
 * type encodes it anew: what becomes a secret is encrypted, and what is none any more decrypted, by who may reveal it.
 *
 * INVARIANT: beside its envelope nothing of a secret is written, and it is decided on as if it had no value.
 */
export const keptValue: Keeping = {
  decidedOn: (row) => (row.type === SECRET ? { ...row, value: null } : row),
  async keep(session, before, id, set) {
    const isSaid = set.value !== undefined;
    if (!isSaid && (set.type === undefined || set.type === before?.type)) return set;
    const type = String(set.type ?? before?.type);
    const was = before?.type === SECRET;
    if (before !== null && !isSaid && was) await assertReveals(session, before, type);
    const value = isSaid
      ? set.value
      : was && before !== null
        ? await openSecret(session, before)
        : (before?.value ?? null);
    if (HOLDS[type]?.(value) !== true) throw badInput([issue(`the value is no ${type}`, 'value')]);
    if (type !== SECRET) return { ...set, value, ...(was ? { ciphertext: null } : {}) };
    return { ...set, value: null, ciphertext: sealConfig(session.keyring, id, value) };
  },
};

/**
 * What a secret is set to. INVARIANT: an execution that is told it, by whatever its launcher may, is noted before (D31).
 *
 * @throws DomainError SECRET_KEY_MISSING
 */
export async function openSecret(
  { tx, keyring, principal }: Session,
  { id }: Row,
): Promise<unknown> {
  const { ciphertext } = await tx.config.findUniqueOrThrow({
    where: { id },
    select: { ciphertext: true },
  });
  if (ciphertext === null) throw new Error('a secret without a ciphertext');
  const value = openConfig(keyring, id, ciphertext);
  const { execution } = principal;
  if (execution !== undefined) {
    await noteTold(tx, execution.id, { configId: id, envelope: ciphertext });
  }
  return value;
}

/** Who makes a secret something else without saying what to, has its value shown to everybody who reads the config. */
async function assertReveals(session: Session, before: Row, type: string): Promise<void> {
  if (!(await isPermitted(session, 'Config', 'reveal', before))) {
    throw forbidden('reveal is not permitted on the row, and it would be revealed');
  }
  recordReveal(session, before, `its type became ${type}`);
}
