import type { AsksSql } from '../data/changes.js';
import type { PrismaClient } from '../data/generated/client.js';
import type { Listen } from '../data/listen.js';
import { permitted } from '../data/prisma/permitted.js';
import { systemQueries } from '../data/system-queries.js';
import type { Limits } from '../limits/limits.js';
import type { Policies } from '../policy/define-policy.js';
import type { DataModel } from '../query/data-model.js';
import { placeFromHeader, resolvePlace, type ScopeNode } from '../request/place.js';
import { Hub, type HubParts } from './hub.js';
import { IN_PLACE, sightOf } from './sight.js';

interface LiveParts {
  /** The client without enforcement: what is asked of it is narrowed by each subscriber's own residuals. */
  readonly client: PrismaClient;
  readonly sql: AsksSql;
  readonly listen: Listen | undefined;
  readonly dataModel: DataModel;
  readonly policies: Policies;
  readonly limits: Limits;
  readonly onFailure: (error: unknown) => void;
}

/** What tells the subscribers of this process what was changed, over a database. */
export function createLive({ client, dataModel, policies, ...parts }: LiveParts): Hub {
  const { findScope } = systemQueries(client, dataModel);
  const read: HubParts['read'] = async ({ subscribing, scopeHeader, scope, models }) => {
    const found = await subscribing.again();
    if (found === null) return null;
    let named: ScopeNode | null = null;
    const find = async (id: string) => {
      named = await findScope(id);
      return named;
    };
    const usual = await placeFromHeader(found.principal, scopeHeader, find);
    const place = await resolvePlace(found.principal, scope, find, usual);
    const sight = sightOf(policies, found, place, models);
    return { sight, scope: scope === null ? null : named, vector: found.vector };
  };
  return new Hub({
    ...parts,
    read,
    ask:
      ({ decisions }) =>
      (model, ids) =>
        permitted(client, { dataModel, decisions }, model, 'read', ids, IN_PLACE),
  });
}
