import { reached } from '../data/clients/unreachable.js';
import { type EnforcedClient, enforcedClient } from '../data/enforce/enforced-client.js';
import type { Charged } from '../data/prisma/reader.js';
import type { Transaction } from '../data/write/in-transaction.js';
import { badUserInput, readOnly } from '../errors.js';
import { sizeOf } from '../limits/sizes.js';
import type { Turn } from '../limits/turns.js';
import type { Checked } from '../metrics/checks.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import { type Extent, REACHABLE } from '../policy/situation.js';
import { type Apart, apart } from './apart.js';
import type { LiveAsked, LiveEvent } from './live.js';
import { resolvePlace } from './place.js';
import {
  type GatewayParts,
  guardingOf,
  type Holder,
  type ReadingContext,
  type Repeat,
  type RequestFacts,
  readingContext,
  type SubgraphShown,
} from './reading.js';
import { type TransactOptions, transact, type Within } from './transact.js';
import type { Happening } from './wake.js';

/** What a resolver has: who asks, where, and readers of what they may. Nothing else reaches data. */
export interface Context extends ReadingContext {
  /** Whoever sees as the principal, where that is somebody else (D21): whose acts the record has. */
  readonly viewer: Principal | undefined;
  readonly subgraph: SubgraphShown;
  /** Counts a decision that was asked for. */
  readonly noteCheck: (checked: Checked) => void;
  /** The same for calls of Prisma that are written by hand. */
  readonly clientAt: (place: Place, extent?: Extent) => EnforcedClient;
  /**
   * What reads and decides as these users or teams would, by id; who may not act is missing (D18). What they hold is charged
   * to the request.
   * INVARIANT: it is for those who were found to be permitted to ask about them.
   */
  readonly readingAs: (
    ids: readonly string[],
    of?: Holder,
  ) => Promise<ReadonlyMap<string, ReadingContext>>;
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
  /** Waits for something else than this process or its database without keeping others from their turn. */
  readonly away: Turn['away'];
  /** The same for something to happen to executions, as long as somebody waits for the answer. */
  readonly wait: <T>(
    happenings: readonly Happening[],
    look: () => Promise<T | undefined>,
    ms: number,
  ) => Promise<T | undefined>;
  /** Runs work in a transaction of its own that is nobody's command: for what goes by leases (D34). */
  readonly apart: <T>(work: (apart: Apart) => Promise<T>) => Promise<T>;
  /** Tells of changes, from now on or after a cursor, as long as the credential of the request holds. */
  readonly subscribe: (
    asked: Omit<LiveAsked, 'subscribing' | 'scopeHeader'>,
  ) => Promise<AsyncIterableIterator<LiveEvent>>;
  /** Whether nobody waits for the answer any more. */
  readonly isGone: () => boolean;
  /** Gives back what the request has been given to load, once its answer has gone or nobody waits for it. */
  readonly release: () => void;
  /** Counts what an answer takes until it has gone; throws UNAVAILABLE where others hold too much. */
  readonly hold: (bytes: number) => void;
}

/**
 * What is kept of a request to know it again. INVARIANT: a hash of what sets a secret lets whoever has a dump try what it
 * could be; one under a key does not (D16).
 */
function keptRepeat({ keyring }: GatewayParts, { repeat = null }: RequestFacts): Repeat | null {
  if (repeat === null) return null;
  const { key, payloadHash: plain } = repeat;
  const [payloadHash, ...former] = keyring.fingerprints(plain);
  return payloadHash === undefined
    ? repeat
    : { key, payloadHash, formerHashes: [...former, plain] };
}

/** What records, and nothing more. */
export type Sender = Pick<Transaction, '$executeRaw'>;

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
  const { away = (work) => work() } = facts;
  const first = await readingContext(parts, charged, client, principal, facts, viewer);
  const context: Context = {
    ...first,
    viewer,
    subgraph: parts.subgraph,
    noteCheck: parts.noteCheck ?? (() => {}),
    away,
    wait: (happenings, look, ms) =>
      parts.wake.wait(happenings, look, { ms, signal: facts.closed?.(), away }),
    release: charged.held.release,
    hold: charged.held.hold,
    repeat: keptRepeat(parts, facts),
    clientAt: (at, extent = REACHABLE) =>
      enforcedClient(client, guardingOf(parts, context.principal, at), extent),
    async readingAs(ids, of = 'User') {
      const { principalsOf } = parts;
      if (principalsOf === undefined) throw badUserInput('nobody can be asked about here');
      if (ids.length === 0) return new Map();
      const found = await principalsOf(of, ids);
      for (const other of found.values()) charged.held.take(sizeOf(other));
      const reading = [...found].map(async ([id, other]) => {
        const as = await readingContext(parts, charged, client, other, { scopeHeader: null });
        return [id, as] as const;
      });
      return new Map(await Promise.all(reading));
    },
    async transact(work, options) {
      if (viewer !== undefined) throw readOnly();
      const writing = { principal, facts, charged, place: first.place };
      const { answer, renewed } = await transact(parts, writing, work, options);
      Object.assign(context, renewed);
      Object.assign(this, renewed);
      return answer;
    },
    apart: (work) =>
      apart(
        parts,
        principal,
        { requestId: facts.requestId, isViewing: viewer !== undefined },
        work,
      ),
    async subscribe({ after, ...asked }) {
      const { scopeHeader, subscribing, lastEventId = null } = facts;
      if (viewer !== undefined) throw readOnly();
      if (parts.live === undefined || subscribing === undefined) {
        throw badUserInput('there are no subscriptions here');
      }
      // Where it acts is found out once more, as it is then; here it is noted.
      await resolvePlace(principal, asked.scope, first.findScope, first.place);
      return parts.live.subscribe({
        ...asked,
        scopeHeader,
        subscribing: await subscribing(),
        after: after ?? lastEventId,
      });
    },
    isGone: () => facts.closed?.().aborted === true,
    async sendAlone(work) {
      first.acting.forget();
      return reached(work(client));
    },
  };
  return context;
}
