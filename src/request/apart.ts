import type { VectorHolder } from '../data/write/authority.js';
import { inTransaction, type Transaction } from '../data/write/in-transaction.js';
import { badUserInput, readOnly, unauthenticated } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { Guarding } from '../query/guarding.js';
import type { Keyring } from '../secrets/keyring.js';
import { type GatewayParts, guardingOf } from './reading.js';

/** What work in a transaction has that is nobody's command. */
export interface Apart {
  readonly tx: Transaction;
  /** Who asks, as they are now. */
  readonly principal: Principal;
  readonly keyring: Keyring;
  readonly requestId: string | undefined;
  /** A user or a key as they are now; null where they may not act (D18). */
  readonly principalOf: (holder: VectorHolder) => Promise<Principal | null>;
  /** What decides for somebody in a place. */
  readonly guardingOf: (principal: Principal, place: Place) => Guarding;
}

/**
 * Runs work in a transaction of its own, in which rows are moved by leases and by the clock, and not by what is held where they
 * are: it locks no authority, and writes in organizations that are not active as well, or nothing there would ever end (D32).
 *
 * @throws DomainError UNAUTHENTICATED, FORBIDDEN: who asks sees as somebody else; BAD_USER_INPUT: nothing is written here
 */
export async function apart<T>(
  parts: GatewayParts,
  principal: Principal,
  { requestId, isViewing }: { readonly requestId: string | undefined; readonly isViewing: boolean },
  work: (apart: Apart) => Promise<T>,
): Promise<T> {
  const { client, limits, principalAnew, principalNow, keyring, writes } = parts;
  if (isViewing) throw readOnly();
  if (principalAnew === undefined || principalNow === undefined) {
    throw badUserInput('mutations are switched off here');
  }
  return writes.run(() =>
    inTransaction(
      client,
      limits,
      async (tx) => {
        const now = await principalAnew(tx, principal);
        if (now === null) throw unauthenticated(new Error('who asked may not act any more'));
        return work({
          tx,
          principal: now,
          keyring,
          requestId,
          principalOf: (holder) => principalNow(tx, holder),
          guardingOf: (who, at) => guardingOf(parts, who, at),
        });
      },
      // INVARIANT: no command: those write in active organizations alone, which they have locked (HDO01, HDO02).
      { command: '' },
    ),
  );
}
