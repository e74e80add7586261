import type { PrismaClient } from '../data/generated/client.js';
import { permits, permitted } from '../data/prisma/permitted.js';
import { type Charged, createReader, type Reader } from '../data/prisma/reader.js';
import { type SystemQueries, systemQueries } from '../data/system-queries.js';
import type { VectorHolder } from '../data/write/authority.js';
import type { Transaction } from '../data/write/in-transaction.js';
import type { HeldBytes } from '../limits/held-bytes.js';
import type { Limits } from '../limits/limits.js';
import { sizeOf } from '../limits/sizes.js';
import type { Turn, Turns } from '../limits/turns.js';
import type { Checked } from '../metrics/checks.js';
import { Decisions } from '../policy/decisions.js';
import type { Policies } from '../policy/define-policy.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import { type Extent, REACHABLE } from '../policy/situation.js';
import type { DataModel } from '../query/data-model.js';
import type { Guarding } from '../query/guarding.js';
import type { Keyring } from '../secrets/keyring.js';
import { Acting } from './acting.js';
import type { Live, Subscribing } from './live.js';
import { createLoaders, type Loaders, placeKey } from './loaders.js';
import { type Oneself, oneselfOf } from './oneself.js';
import { type FindScope, placeFromHeader } from './place.js';
import { once, remember } from './remember.js';
import type { Wake } from './wake.js';

/** What reads what a principal may, over a client or within a transaction. */
export interface ReadingContext {
  readonly requestId: string | undefined;
  /** The app that the request says to come from; nothing is permitted by it. */
  readonly appId: string | null;
  readonly principal: Principal;
  /** Where the request acts unless a field says otherwise (D4). */
  readonly place: Place;
  /**
   * Reads queries, decided in the place: by id and along relations wherever the principal could act, or
   * for the root of a list or a lookup by name in the place itself, or in one tier of it (D4).
   */
  readonly readerAt: (place: Place, extent?: Extent) => Reader;
  /** What decides for the principal in the place. */
  readonly decisionsAt: (place: Place) => Decisions;
  readonly findScope: FindScope;
  /** In which other organizations the request acts (D19). */
  readonly acting: Acting;
  readonly findDisabled: SystemQueries['findDisabled'];
  /** The principal as they would be without each of these sets of overrides, for telling what to lift one gives. */
  readonly without: (sets: readonly (readonly string[])[]) => Promise<readonly Principal[]>;
  /** The database's clock, read once: what has ended by it (D48) has ended throughout an answer. */
  readonly readClock: () => Promise<Date>;
  readonly oneself: Oneself;
  readonly loaders: Loaders;
  readonly limits: Limits;
  /** The coordinates, such as `Form.owner`, of what is null because its row is not managed (D15). */
  readonly withheld: Set<string>;
}

/** Whose memberships can be asked about. */
export type Holder = 'User' | 'Team';

/** What a supergraph is told of the gateway. */
export interface SubgraphShown {
  /** `node` and `nodes`. */
  readonly node: boolean;
  /** Which of its own root fields want a credential, for routers that know `@authenticated`. */
  readonly authenticated: boolean;
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
  /** A user or a key as it is now, read in a transaction; null where it may not act (D18). */
  readonly principalNow?:
    | ((tx: Transaction, holder: VectorHolder) => Promise<Principal | null>)
    | undefined;
  /** Users, or teams, with all that they hold now, by id; who may not act is missing (D18). */
  readonly principalsOf:
    | ((of: Holder, ids: readonly string[]) => Promise<ReadonlyMap<string, Principal>>)
    | undefined;
  /** A principal with what they would hold without each of these sets of overrides, by their ids (D9). */
  readonly holdingsWithout:
    | ((
        principal: Principal,
        sets: readonly (readonly string[])[],
      ) => Promise<readonly Principal[]>)
    | undefined;
  readonly limits: Limits;
  /** What encrypts and decrypts secrets; readers have none (D16). */
  readonly keyring: Keyring;
  readonly held: HeldBytes;
  /** Writes take turns, so that those who wait for one another leave connections to who reads. */
  readonly writes: Turns;
  readonly wake: Wake;
  /** Tells what was changed. INVARIANT: without it nobody can subscribe. */
  readonly live?: Live | undefined;
  readonly subgraph: SubgraphShown;
  /** Is told what came of each decision that was asked for; without it nobody counts. */
  readonly noteCheck?: ((checked: Checked) => void) | undefined;
}

/** What a request that is sent again has in common with the first. */
export interface Repeat {
  /** The Idempotency-Key header, as it came. */
  readonly key: string;
  /** Of all that says what the request does, and where. */
  readonly payloadHash: string;
  /** The same as it may have been kept before the newest key was (D16). */
  readonly formerHashes?: readonly string[];
}

/** What a request says besides its operation. */
export interface RequestFacts {
  /** Where it acts unless a field says otherwise (D4). */
  readonly scopeHeader: string | null;
  /** The app that it comes from: the header `x-heimdall-app`, as it came (D31). */
  readonly appHeader?: string | null;
  /** As whom it is to be seen: the header `x-heimdall-view-as`, as it came (D21). */
  readonly viewAs?: string | null;
  /** By which a write that is sent again is known for the same one; null: by nothing. */
  readonly repeat?: Repeat | null;
  /** What logs and the audit call it. */
  readonly requestId?: string;
  /** Waits without keeping others from their turn. */
  readonly away?: Turn['away'] | undefined;
  /** Aborted once nobody waits for the answer. */
  readonly closed?: (() => AbortSignal) | undefined;
  /** By which right somebody subscribes. Throws UNAUTHENTICATED: by none. */
  readonly subscribing?: (() => Promise<Subscribing>) | undefined;
  /** The cursor of the last event that a browser has seen: the header `last-event-id`, as it came. */
  readonly lastEventId?: string | null;
}

/** What decides for a principal in a place. */
export function guardingOf(
  { dataModel, policies }: GatewayParts,
  principal: Principal,
  at: Place,
): Guarding {
  return { dataModel, decisions: new Decisions(policies, principal, at) };
}

/** What reads, over a client or within a transaction. */
export async function readingContext(
  { dataModel, policies, limits, holdingsWithout }: GatewayParts,
  charged: Charged,
  client: Transaction,
  principal: Principal,
  { scopeHeader, requestId, appHeader = null }: RequestFacts,
  viewer?: Principal,
): Promise<ReadingContext> {
  const queries = systemQueries(client, dataModel);
  const acting = new Acting(principal, viewer);
  const findScope = remember(
    async (id: string) => {
      const found = await queries.findScope(id);
      acting.note(found?.organizationId);
      return found;
    },
    (id) => id,
  );
  const place = await placeFromHeader(principal, scopeHeader, findScope);
  // What is reached from a row is decided alike in all parts of a place.
  const along = remember((at: Place) => new Decisions(policies, principal, at), placeKey);
  const guardingAt = remember((at: Place): Guarding => {
    acting.notePlace(at);
    return { dataModel, decisions: along(at).within(at) };
  });
  const readerFrom = remember(
    (at: Place) => createReader(client, guardingAt(at), REACHABLE, charged),
    placeKey,
  );
  return {
    principal,
    requestId,
    appId: appHeader,
    place,
    readerAt: (at, extent = REACHABLE) =>
      extent.kind === 'reachable'
        ? readerFrom(at)
        : createReader(client, guardingAt(at), extent, charged),
    decisionsAt: (at) => guardingAt(at).decisions,
    findScope,
    acting,
    findDisabled: queries.findDisabled,
    without: async (sets) => {
      if (holdingsWithout === undefined || sets.length === 0) return [];
      const found = await holdingsWithout(principal, sets);
      for (const one of found) charged.held.take(sizeOf(one.grants));
      return found;
    },
    readClock: once(queries.readClock),
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
