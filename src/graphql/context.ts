import type { DataModel } from '../data/data-model.js';
import type { EnforcedClient } from '../data/enforce/enforced-client.js';
import { enforcedClient } from '../data/enforce/enforced-client.js';
import { permits, permitted } from '../data/enforce/permitted.js';
import { Rules } from '../data/enforce/rules.js';
import type { PrismaClient } from '../data/generated/client.js';
import { type SystemQueries, systemQueries } from '../data/system-queries.js';
import type { Limits } from '../limits/limits.js';
import type { Policies } from '../policy/define-policy.js';
import type { Principal } from '../policy/principal.js';
import type { Place, Tier } from '../policy/situation.js';
import { type FindScope, placeFromHeader } from '../scopes/place.js';
import type { ColumnsOf } from './columns.js';
import { createLoaders, type Loaders, placeKey } from './loaders.js';
import { remember } from './remember.js';

/** What a resolver has: who asks, where, and the enforced client. Nothing else reaches data. */
export interface Context {
  readonly principal: Principal;
  /** Where the request acts unless a field says otherwise (D4). */
  readonly place: Place;
  /** By id and along relations: reachable tenancy, decided in the place (D4). */
  reachableFrom(place: Place): EnforcedClient;
  /** For the root of a list or a lookup by name in a place, or in one tier of it. */
  dbAt(place: Place, tier?: Tier): EnforcedClient;
  readonly findScope: FindScope;
  readonly findKinds: SystemQueries['findKinds'];
  readonly loaders: Loaders;
  /** What rows are read with, in the operation that is under way. */
  readonly columnsOf: ColumnsOf;
  readonly limits: Limits;
}

/** What all requests share. */
export interface GatewayParts {
  readonly client: PrismaClient;
  readonly dataModel: DataModel;
  readonly policies: Policies;
  readonly columnsOf: ColumnsOf;
  readonly limits: Limits;
}

/**
 * The context of one request. Rejects with SCOPE_FORBIDDEN when the header names a scope in which
 * the principal may not act (D4): a wrong default is never ignored.
 */
export async function createContext(
  { client, dataModel, policies, columnsOf, limits }: GatewayParts,
  principal: Principal,
  scopeHeader: string | null,
): Promise<Context> {
  const queries = systemQueries(client);
  const findScope = remember(queries.findScope, (id) => id);
  const place = await placeFromHeader(principal, scopeHeader, findScope);
  const reachable = remember((at: Place) => {
    const rules = new Rules(dataModel, policies, { principal, place: at, variant: 'reachable' });
    return { rules, db: enforcedClient(client, rules) };
  }, placeKey);
  const reachableFrom = (at: Place) => reachable(at).db;
  const loaders = createLoaders({
    reachableFrom,
    permits: (model, action, at, row) => permits(reachable(at).rules, model, action, row),
    permitted: (model, action, at, ids) =>
      permitted(client, reachable(at).rules, model, action, ids),
    findShadowing: queries.findShadowing,
    columnsOf,
    limits,
  });
  return {
    principal,
    place,
    reachableFrom,
    dbAt: (at, tier) => {
      const situation = { principal, place: at, variant: 'placed' as const };
      const rules = new Rules(
        dataModel,
        policies,
        tier === undefined ? situation : { ...situation, tier },
      );
      return enforcedClient(client, rules);
    },
    findScope,
    findKinds: queries.findKinds,
    loaders,
    columnsOf,
    limits,
  };
}
