import { rootScopeId } from '../policy/root-scope.js';
import { type DataModel, relationOf } from '../query/data-model.js';
import { reached } from './clients/unreachable.js';
import { padded } from './prisma/padded.js';
import { delegateOf } from './prisma/reader.js';
import { databaseClock } from './write/database-clock.js';
import type { Transaction } from './write/in-transaction.js';

/**
 * The few questions that are asked without a policy, because what they answer is not access
 * (existence of a scope, D4; shadowing, D3; which table an id is in; who one is oneself). Each tells an
 * id the asker has named or already sees; rows themselves are read by guarded queries alone.
 */
export interface SystemQueries {
  /** The scope that an id names as a place: the scope of that id, or the root of that organization (D4). */
  findScope(id: string): Promise<FoundScope | null>;
  /** For that user alone: nobody needs a permission to know who they are. */
  findUser(id: string): Promise<FoundUser | null>;
  /** For those alone who belong to it. */
  findOrganization(id: string): Promise<FoundOrganization | null>;
  /** What the database's clock says: whether something has ended is told by it (D48). */
  readClock(): Promise<Date>;
  /** What overrides disable at any of these scopes (D9), for predicting what a role would give there. */
  findDisabled(scopeIds: readonly string[]): Promise<readonly Disabled[]>;
  /** For each shadowed row of a model that cascades the nearest one of its name in the chain. */
  findShadowing(
    model: string,
    farIds: readonly string[],
    chain: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
}

export interface FoundScope {
  readonly id: string;
  readonly organizationId: string | null;
  readonly path: readonly string[];
  readonly inheritsFrom: readonly string[];
}

/** An override that disables: where, and what it is of, a permission, a role, or the one in the other. */
export interface Disabled {
  readonly id: string;
  readonly scopeId: string;
  readonly permissionId: string | null;
  readonly roleId: string | null;
}

export interface FoundUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface FoundOrganization {
  readonly id: string;
  readonly name: string;
}

interface ShadowPair {
  readonly farId: string;
  readonly nearId: string;
  readonly nearScopeId: string;
}

/** The questions, asked with the unenforced client. */
export function systemQueries(client: Transaction, dataModel: DataModel): SystemQueries {
  return {
    async findScope(id) {
      const select = { id: true, organizationId: true, path: true, inheritsFrom: true } as const;
      // One statement for both, and for all fields that name places: Prisma gathers what is asked at once.
      const [scope, root] = await reached(
        Promise.all(
          [id, rootScopeId(id)].map((one) =>
            client.scope.findUnique({ where: { id: one }, select }),
          ),
        ),
      );
      // By whatever version of UUID a root was found: it has to be that organization's.
      return scope ?? (root?.organizationId === id ? root : null);
    },

    findUser: (id) =>
      client.user.findUnique({ where: { id }, select: { id: true, name: true, email: true } }),

    findOrganization: (id) =>
      client.organization.findUnique({ where: { id }, select: { id: true, name: true } }),

    readClock: () => reached(databaseClock(client)),

    findDisabled: (scopeIds) =>
      reached(
        client.scopeOverride.findMany({
          where: { scopeId: { in: [...scopeIds] }, state: { not: 'enabled' } },
          select: { id: true, scopeId: true, permissionId: true, roleId: true },
        }),
      ),

    async findShadowing(model, farIds, chain) {
      const { type } = relationOf(dataModel, model, 'shadows');
      const pairs = (await reached(
        delegateOf(client, type).findMany({
          where: { farId: { in: padded(farIds) }, nearScopeId: { in: padded(chain) } },
          select: { farId: true, nearId: true, nearScopeId: true },
        }),
      )) as unknown as ShadowPair[];
      // The chain is nearest first.
      const nearness = (pair: ShadowPair): number => chain.indexOf(pair.nearScopeId);
      const nearest = new Map<string, ShadowPair>();
      for (const pair of pairs) {
        const known = nearest.get(pair.farId);
        if (known === undefined || nearness(pair) < nearness(known)) nearest.set(pair.farId, pair);
      }
      return new Map([...nearest].map(([farId, { nearId }]) => [farId, nearId]));
    },
  };
}
