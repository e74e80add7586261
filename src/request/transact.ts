import type { Charged } from '../data/prisma/reader.js';
import {
  type AuthorityLocks,
  covers,
  lockAuthority,
  unlockedIn,
  vectorOf,
} from '../data/write/authority.js';
import { inTransaction, RetryTransaction, type Transaction } from '../data/write/in-transaction.js';
import { badUserInput, isDomainError, unauthenticated, unavailable } from '../errors.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { Guarding } from '../query/guarding.js';
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
}

/** A request that writes. */
interface Writing {
  readonly principal: Principal;
  readonly facts: RequestFacts;
  readonly charged: Charged;
  /** Where it acts (D4). */
  readonly place: Place;
}

/** What came of a transaction, and what reads after it. */
interface Transacted<T> {
  readonly answer: T;
  readonly renewed: Omit<ReadingContext, 'withheld'>;
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
  const { client, limits, principalAnew } = parts;
  if (principalAnew === undefined) throw badUserInput('mutations are switched off here');
  // What the principal relies on, and where it acts; what a command turns out to touch besides joins it.
  const besides = { exclusive: new Set<string>(), shared: new Set<string>() };
  const anewIn = async (tx: Transaction): Promise<Principal> => {
    const now = await principalAnew(tx, principal);
    if (now === null) throw unauthenticated(new Error('who asked may not act any more'));
    return now;
  };
  const { answer, now } = await inTransaction(
    client,
    limits,
    async (tx) => {
      const before = await once?.before(tx);
      if (before !== undefined) return { answer: before, now: await anewIn(tx) };
      const relied = [...(await reliedOn(tx, principal, place)), ...besides.shared];
      const locks: AuthorityLocks = changesAuthority
        ? { shared: [], exclusive: [...new Set([...relied, ...besides.exclusive])] }
        : { shared: [...new Set(relied)] };
      await lockAuthority(tx, locks);
      const now = await anewIn(tx);
      if (!covers(locks, await vectorOf(tx, holderOf(principal)))) throw new RetryTransaction();
      const within = await readingContext(parts, charged, tx, now, facts);
      const guarding = guardingOf(parts, now, within.place);
      try {
        const answer = await work({ ...within, tx, guarding });
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
    },
    { command },
  );
  // What was read before a write, and by whom, is not what is there after it.
  const renew = async () => {
    const anew = changesAuthority ? await principalAnew(client, principal) : now;
    return readingContext(parts, charged, client, anew ?? ANONYMOUS, facts);
  };
  const { withheld: _kept, ...renewed } = await renew().catch((error: unknown) =>
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

/** INVARIANT: who is no user has no vector yet, and writes nothing. */
function holderOf({ userId }: Principal): { readonly userId: string } {
  if (userId === null) throw unauthenticated(new Error('who is no user writes nothing'));
  return { userId };
}

async function reliedOn(tx: Transaction, principal: Principal, place: Place): Promise<string[]> {
  const { organizationIds } = await vectorOf(tx, holderOf(principal));
  const { organizationId } = place;
  return [...new Set([...organizationIds, ...(organizationId === null ? [] : [organizationId])])];
}
