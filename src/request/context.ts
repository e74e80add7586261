import { reached } from '../data/clients/unreachable.js';
import { type EnforcedClient, enforcedClient } from '../data/enforce/enforced-client.js';
import type { PrismaClient } from '../data/generated/client.js';
import { permits, permitted } from '../data/prisma/permitted.js';
import { type Charged, createReader, type Reader } from '../data/prisma/reader.js';
import { systemQueries } from '../data/system-queries.js';
import {
  type AuthorityLocks,
  covers,
  lockAuthority,
  unlockedIn,
  vectorOf,
} from '../data/write/authority.js';
import { inTransaction, RetryTransaction, type Transaction } from '../data/write/in-transaction.js';
import { badUserInput, isDomainError, readOnly, unauthenticated, unavailable } from '../errors.js';
import type { HeldBytes } from '../limits/held-bytes.js';
import type { Limits } from '../limits/limits.js';
import { Decisions } from '../policy/decisions.js';
import type { Policies } from '../policy/define-policy.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import { type Extent, REACHABLE } from '../policy/situation.js';
import type { DataModel } from '../query/data-model.js';
import type { Guarding } from '../query/guarding.js';
import { createLoaders, type Loaders, placeKey } from './loaders.js';
import { type Oneself, oneselfOf } from './oneself.js';
import { type FindScope, placeFromHeader } from './place.js';
import { remember } from './remember.js';

/** What reads what a principal may, over a client or within a transaction. */
export interface ReadingContext {
  readonly requestId: string | undefined;
  readonly principal: Principal;
  /** Where the request acts unless a field says otherwise (D4). */
  readonly place: Place;
  /**
   * Reads queries, decided in the place: by id and along relations wherever the principal could act, or
   * for the root of a list or a lookup by name in the place itself, or in one tier of it (D4).
   */
  readonly readerAt: (place: Place, extent?: Extent) => Reader;
  readonly findScope: FindScope;
  readonly oneself: Oneself;
  readonly loaders: Loaders;
  readonly limits: Limits;
  /** The coordinates, such as `Form.owner`, of what is null because its row is not managed (D15). */
  readonly withheld: Set<string>;
}

/** What a resolver has: who asks, where, and readers of what they may. Nothing else reaches data. */
export interface Context extends ReadingContext {
  /** Whoever sees as the principal, where that is somebody else (D21): whose acts the record has. */
  readonly viewer: Principal | undefined;
  /** The same for calls of Prisma that are written by hand. */
  readonly clientAt: (place: Place, extent?: Extent) => EnforcedClient;
  /** What the request said to be known by when it is sent again. */
  readonly repeat: Repeat | null;
  /**
   * Runs work in a transaction of its own, decided by what the principal may do at that moment. Whatever it
   * throws undoes it; afterwards the context reads anew: the one that it is called of, for who executes
   * operations hands on a copy of what was made.
   */
  transact<T>(
    this: Context,
    work: (within: Within) => Promise<T>,
    options: TransactOptions<T>,
  ): Promise<T>;
  /** Sends what is no part of any transaction: the record of what was refused (D19). */
  readonly sendAlone: <T>(work: (sender: Sender) => Promise<T>) => Promise<T>;
  /** Gives back what the request has been given to load, once its answer has gone or nobody waits for it. */
  readonly release: () => void;
  /** Counts what an answer takes until it has gone; throws UNAVAILABLE where others hold too much. */
  readonly hold: (bytes: number) => void;
}

/** What records, and nothing more. */
export type Sender = Pick<Transaction, '$executeRaw'>;

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

/** What all requests share. */
export interface GatewayParts {
  readonly client: PrismaClient;
  readonly dataModel: DataModel;
  readonly policies: Policies;
  /** The principal as it is now, read in a transaction; null where it may not act any more (D18). */
  readonly principalAnew:
    | ((tx: Transaction, principal: Principal) => Promise<Principal | null>)
    | undefined;
  readonly limits: Limits;
  readonly held: HeldBytes;
}

/** What a request that is sent again has in common with the first. */
export interface Repeat {
  /** The Idempotency-Key header, as it came. */
  readonly key: string;
  /** Of all that says what the request does, and where. */
  readonly payloadHash: string;
}

/** What a request says besides its operation. */
export interface RequestFacts {
  /** Where it acts unless a field says otherwise (D4). */
  readonly scopeHeader: string | null;
  /** As whom it is to be seen: the header `x-heimdall-view-as`, as it came (D21). */
  readonly viewAs?: string | null;
  /** By which a write that is sent again is known for the same one; null: by nothing. */
  readonly repeat?: Repeat | null;
  /** What logs and the audit call it. */
  readonly requestId?: string;
}

/**
 * The context of one request. Rejects with SCOPE_FORBIDDEN when the header names a scope in which
 * the principal may not act (D4): a wrong default is never ignored.
 *
 * INVARIANT: where somebody else sees as the principal, nothing can be written (D21).
 */
export async function createContext(
  parts: GatewayParts,
  principal: Principal,
  facts: RequestFacts,
  viewer?: Principal,
): Promise<Context> {
  const { client, limits, held } = parts;
  const charged: Charged = { limits, held: held.open() };
  const first = await contextOver(parts, charged, client, principal, facts);
  const context: Context = {
    ...first,
    viewer,
    release: charged.held.release,
    hold: charged.held.hold,
    repeat: facts.repeat ?? null,
    clientAt: (at, extent = REACHABLE) =>
      enforcedClient(client, guardingOf(parts, context.principal, at), extent),
    async transact(work, { command, changesAuthority = false, once }) {
      const { principalAnew } = parts;
      if (viewer !== undefined) throw readOnly();
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
          const relied = [...(await reliedOn(tx, principal, first.place)), ...besides.shared];
          const locks: AuthorityLocks = changesAuthority
            ? { shared: [], exclusive: [...new Set([...relied, ...besides.exclusive])] }
            : { shared: [...new Set(relied)] };
          await lockAuthority(tx, locks);
          const now = await anewIn(tx);
          if (!covers(locks, await vectorOf(tx, holderOf(principal)))) throw new RetryTransaction();
          const within = await contextOver(parts, charged, tx, now, facts);
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
        return contextOver(parts, charged, client, anew ?? ANONYMOUS, facts);
      };
      const { withheld: _kept, ...renewed } = await renew().catch((error: unknown) =>
        afterwards(error, () => contextOver(parts, charged, client, ANONYMOUS, NOWHERE)),
      );
      Object.assign(context, renewed);
      Object.assign(this, renewed);
      return answer;
    },
    sendAlone: (work) => reached(work(client)),
  };
  return context;
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

function guardingOf(
  { dataModel, policies }: GatewayParts,
  principal: Principal,
  at: Place,
): Guarding {
  return { dataModel, decisions: new Decisions(policies, principal, at) };
}

/** What reads, over a client or within a transaction. */
async function contextOver(
  { dataModel, policies, limits }: GatewayParts,
  charged: Charged,
  client: Transaction,
  principal: Principal,
  { scopeHeader, requestId }: RequestFacts,
): Promise<ReadingContext> {
  const queries = systemQueries(client, dataModel);
  const findScope = remember(queries.findScope, (id) => id);
  const place = await placeFromHeader(principal, scopeHeader, findScope);
  // What is reached from a row is decided alike in all parts of a place.
  const along = remember((at: Place) => new Decisions(policies, principal, at), placeKey);
  const guardingAt = remember((at: Place): Guarding => {
    return { dataModel, decisions: along(at).within(at) };
  });
  const readerFrom = remember(
    (at: Place) => createReader(client, guardingAt(at), REACHABLE, charged),
    placeKey,
  );
  return {
    principal,
    requestId,
    place,
    readerAt: (at, extent = REACHABLE) =>
      extent.kind === 'reachable'
        ? readerFrom(at)
        : createReader(client, guardingAt(at), extent, charged),
    findScope,
    oneself: oneselfOf(principal, queries, dataModel),
    loaders: createLoaders({
      readerFrom,
      permits: (model, action, at, row) => permits(guardingAt(at), model, action, row),
      permitted: (model, action, at, ids) => permitted(client, guardingAt(at), model, action, ids),
      findShadowing: queries.findShadowing,
      limits,
    }),
    limits,
    withheld: new Set(),
  };
}
