import { type EnforcedClient, enforcedClient } from '../data/enforce/enforced-client.js';
import type { PrismaClient } from '../data/generated/client.js';
import { permits, permitted } from '../data/prisma/permitted.js';
import { createReader, type Reader } from '../data/prisma/reader.js';
import type { SystemQueries } from '../data/system-queries.js';
import type { HeldBytes } from '../limits/held-bytes.js';
import type { Limits } from '../limits/limits.js';
import { Decisions } from '../policy/decisions.js';
import type { Policies } from '../policy/define-policy.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import { type Extent, REACHABLE } from '../policy/situation.js';
import type { DataModel } from '../query/data-model.js';
import type { Guarding } from '../query/guarding.js';
import { createLoaders, type Loaders, placeKey } from './loaders.js';
import { type Oneself, oneselfOf } from './oneself.js';
import { type FindScope, placeFromHeader } from './place.js';
import { remember } from './remember.js';

/** What a resolver has: who asks, where, and readers of what they may. Nothing else reaches data. */
export interface Context {
  readonly principal: Principal;
  /** Where the request acts unless a field says otherwise (D4). */
  readonly place: Place;
  /**
   * Reads queries, decided in the place: by id and along relations wherever the principal could act, or
   * for the root of a list or a lookup by name in the place itself, or in one tier of it (D4).
   */
  readonly readerAt: (place: Place, extent?: Extent) => Reader;
  /** The same for calls of Prisma that are written by hand. */
  readonly clientAt: (place: Place, extent?: Extent) => EnforcedClient;
  readonly findScope: FindScope;
  readonly oneself: Oneself;
  readonly loaders: Loaders;
  readonly limits: Limits;
  /** Gives back what the request has been given to load, once its answer has gone or nobody waits for it. */
  readonly release: () => void;
  /** Counts what an answer takes until it has gone; throws UNAVAILABLE where others hold too much. */
  readonly hold: (bytes: number) => void;
  /** The coordinates, such as `Form.owner`, of what is null because its row is not managed (D15). */
  readonly withheld: Set<string>;
}

/** What all requests share. */
export interface GatewayParts {
  readonly client: PrismaClient;
  readonly dataModel: DataModel;
  readonly policies: Policies;
  readonly queries: SystemQueries;
  readonly limits: Limits;
  readonly held: HeldBytes;
}

/**
 * The context of one request. Rejects with SCOPE_FORBIDDEN when the header names a scope in which
 * the principal may not act (D4): a wrong default is never ignored.
 */
export async function createContext(
  { client, dataModel, policies, queries, limits, held }: GatewayParts,
  principal: Principal,
  scopeHeader: string | null,
): Promise<Context> {
  const findScope = remember(queries.findScope, (id) => id);
  const place = await placeFromHeader(principal, scopeHeader, findScope);
  // What is reached from a row is decided alike in all parts of a place.
  const along = remember((at: Place) => new Decisions(policies, principal, at), placeKey);
  const guardingAt = remember((at: Place): Guarding => {
    return { dataModel, decisions: along(at).within(at) };
  });
  const charged = { limits, held: held.open() };
  const readerFrom = remember(
    (at: Place) => createReader(client, guardingAt(at), REACHABLE, charged),
    placeKey,
  );
  return {
    principal,
    place,
    readerAt: (at, extent = REACHABLE) =>
      extent.kind === 'reachable'
        ? readerFrom(at)
        : createReader(client, guardingAt(at), extent, charged),
    clientAt: (at, extent = REACHABLE) => enforcedClient(client, guardingAt(at), extent),
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
    release: charged.held.release,
    hold: charged.held.hold,
    withheld: new Set(),
  };
}
