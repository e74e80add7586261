import { claimKey, storeOutcome } from '../data/idempotency.js';
import type { Transaction } from '../data/write/in-transaction.js';
import { badUserInput, conflict } from '../errors.js';
import type { Context } from '../request/context.js';
import type { Once } from '../request/transact.js';

/** One mutation of a request. */
export interface Mutating {
  /** The mutation's name in the schema. */
  readonly mutation: string;
  /** Where its answer is in the document's: each mutation of a document is claimed by itself. */
  readonly responseKey: string;
}

/** INVARIANT: no space is among them, so that a header that came twice, joined by a comma and one, is no key. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * What makes a mutation happen once (issue 11): of those with one Idempotency-Key by one principal, all
 * but the first are answered the ids that the first was; without the header, nothing.
 *
 * @throws DomainError BAD_USER_INPUT: the key is none. CONFLICT when it is claimed: it was that of another request
 */
export function onceOf(
  { principal, repeat }: Context,
  { mutation, responseKey }: Mutating,
): Once<readonly string[]> | undefined {
  if (repeat === null) return undefined;
  const { key, payloadHash, formerHashes = [] } = repeat;
  if (!KEY.test(key)) {
    throw badUserInput('an Idempotency-Key is 1 to 255 visible characters of ASCII');
  }
  const claim = { principal, key, payloadHash, formerHashes, field: responseKey };
  return {
    async before(tx: Transaction) {
      const claimed = await claimKey(tx, claim);
      if (claimed === 'first') return undefined;
      if (claimed === 'conflict') throw conflict('this Idempotency-Key was another request’s');
      return idsOf(claimed.replay, mutation);
    },
    after: (tx: Transaction, ids) => storeOutcome(tx, claim, { mutation, ids }),
  };
}

function idsOf(
  { mutation, ids }: Readonly<Record<string, unknown>>,
  expected: string,
): readonly string[] {
  const isOutcome = mutation === expected && Array.isArray(ids);
  if (!isOutcome || !ids.every((id) => typeof id === 'string')) {
    throw new Error(`what is kept of an Idempotency-Key is not of ${expected}`);
  }
  return ids;
}
