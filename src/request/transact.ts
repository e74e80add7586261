import type { Charged } from '../data/prisma/reader.js';
import {
  type AuthorityLocks,
  covers,
  holderOf,
  lockAuthority,
  unlockedIn,
  type VectorHolder,
  vectorOf,
} from '../data/write/authority.js';
import { inTransaction, RetryTransaction, type Transaction } from '../data/write/in-transaction.js';
import { badUserInput, isDomainError, unauthenticated, unavailable } from '../errors.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { Guarding } from '../query/guarding.js';
import type { Keyring } from '../secrets/keyring.js';
import {
  type GatewayParts,
  guardingOf,
  type ReadingContext,
  type RequestFacts,
  readingContext,
} from './reading.js';

export interface TransactOptions<T> {
  /** What the database calls it in its refusals. */
  readonly command: string;
  /** It changes what somebody holds, and so excludes all who rely on that. */
  readonly changesAuthority?: boolean;
  readonly once?: Once<T> | undefined;
}

/** What makes a transaction happen once, however often it is asked for. */
export interface Once<T> {
  /** Its first statement, before any lock: what came of it if it has happened, and then nothing else is done. */
  readonly before: (tx: Transaction) => Promise<T | undefined>;
  /** Its last: keeps what came of it. */
  readonly after: (tx: Transaction, answer: T) => Promise<void>;
}

/** What work in a transaction has: the same, as of the transaction. */
export interface Within extends ReadingContext {
  readonly tx: Transaction;
  readonly guarding: Guarding;
  /** INVARIANT: nothing that merely reads can decrypt a secret (D16). */
  readonly keyring: Keyring;
  /** The principal as what was done so far has made them: who made a scope may own it. */
  readonly principalNow: () => Promise<Principal>;
}

/** A request that writes. */
interface Writing {
  readonly principal: Principal;
  readonly facts: RequestFacts;
  readonly charged: Charged;
  /** Where it acts (D4). */
  readonly place: Place;
}

/** What came of a transaction, and who did it. */
interface Done<T> {
  readonly answer: T;
  readonly now: Principal;
}

/** What came of a transaction, and what reads after it. */
interface Transacted<T> {
  readonly answer: T;
  readonly renewed: Omit<ReadingContext, 'withheld' | 'acting'>;
}

/**
 * Runs work in a transaction of its own, in the order of ADR 5: what makes it happen once, the locks, the principal as it is
 * then, the work. Whatever it throws undoes it.
 *
 * @throws DomainError what the work refuses; UNAUTHENTICATED, UNAVAILABLE
 */
export async function transact<T>(
  parts: GatewayParts,
  { principal, facts, charged, place }: Writing,
  work: (within: Within) => Promise<T>,
  { command, changesAuthority = false, once }: TransactOptions<T>,
): Promise<Transacted<T>> {
  const { client, limits, principalAnew, writes, keyring } = parts;
  if (principalAnew === undefined) throw badUserInput('mutations are switched off here');
  // What the principal relies on, and where it acts; what a command turns out to touch besides joins it.
  const besides = { exclusive: new Set<string>(), shared: new Set<string>() };
  const anewIn = async (tx: Transaction): Promise<Principal> => {
    const now = await principalAnew(tx, principal);
    if (now === null) throw unauthenticated(new Error('who asked may not act any more'));
    return now;
  };
  const inTurn = (work: (tx: Transaction) => Promise<Done<T>>) =>
    writes.run(() => inTransaction(client, limits, work, { command }));
  const { answer, now } = await inTurn(async (tx) => {
    const before = await once?.before(tx);
    if (before !== undefined) return { answer: before, now: await anewIn(tx) };
    const relied = new Set([...(await reliedOn(tx, principal, place)), ...besides.shared]);
    // What is changed is where the request acts, or turns out to be elsewhere. INVARIANT: no more than that excludes
    // others: the platform is in everybody's vector, and to lock it would stop every tenant.
    const changed = new Set([...(changesAuthority ? own(place) : []), ...besides.exclusive]);
    const locks: AuthorityLocks = {
      shared: [...relied].filter((id) => !changed.has(id)),
      exclusive: [...changed],
    };
    await lockAuthority(tx, locks);
    const now = await anewIn(tx);
    if (!covers(locks, await vectorOf(tx, writerOf(principal)))) throw new RetryTransaction();
    const within = await readingContext(parts, charged, tx, now, facts);
    const guarding = guardingOf(parts, now, within.place);
    try {
      const answer = await work({
        ...within,
        tx,
        guarding,
        keyring,
        principalNow: () => anewIn(tx),
      });
      await once?.after(tx, answer);
      return { answer, now };
    } catch (error) {
      const unlocked = unlockedIn(error);
      if (unlocked === undefined) throw error;
      const { how, organizationIds } = unlocked;
      // INVARIANT: which commands change authority is declared, and not found out.
      if (how === 'exclusive' && !changesAuthority) throw error;
      if (organizationIds.every((id) => besides[how].has(id))) throw error;
      for (const id of organizationIds) besides[how].add(id);
      throw new RetryTransaction('more is to be locked', { progresses: true });
    }
  });
  // What was read before a write, and by whom, is not what is there after it.
  const renew = async () => {
    const anew = changesAuthority ? await principalAnew(client, principal) : now;
    return readingContext(parts, charged, client, anew ?? ANONYMOUS, facts);
  };
  const {
    withheld: _kept,
    acting: _same,
    ...renewed
  } = await renew().catch((error: unknown) =>
    afterwards(error, () => readingContext(parts, charged, client, ANONYMOUS, NOWHERE)),
  );
  return { answer, renewed };
}

/**
 * INVARIANT: what is done is done, and is not answered as if it were not. Who may not act there any more, by their
 * own doing, reads as nobody; and who is told that there is no answer is not told to try again (D47).
 */
function afterwards<T>(error: unknown, readAsNobody: () => Promise<T>): Promise<T> {
  if (!isDomainError(error)) throw error;
  if (error.code === 'SCOPE_FORBIDDEN') return readAsNobody();
  throw error.code === 'UNAVAILABLE' ? unavailable(error.cause, { outcomeUnknown: true }) : error;
}

const NOWHERE: RequestFacts = { scopeHeader: null };

/** INVARIANT: who is neither user nor key has no vector, and writes nothing. */
function writerOf(principal: Principal): VectorHolder {
  const holder = holderOf(principal);
  if (holder === null) throw unauthenticated(new Error('who is no user and no key writes nothing'));
  return holder;
}

async function reliedOn(tx: Transaction, principal: Principal, place: Place): Promise<string[]> {
  const { organizationIds } = await vectorOf(tx, writerOf(principal));
  return [...organizationIds, ...own(place)];
}

const own = ({ organizationId }: Place): string[] =>
  organizationId === null ? [] : [organizationId];
