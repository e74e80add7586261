import { type DataModel, relationOf, shapeOf } from '../query/data-model.js';
import { reached } from './clients/unreachable.js';
import type { PrismaClient } from './generated/client.js';
import { padded } from './prisma/padded.js';
import { delegateOf } from './prisma/reader.js';

/**
 * The few questions that are asked without a policy, because what they answer is not access
 * (existence of a scope, D4; shadowing, D3; which table an id is in; who one is oneself). Each tells an
 * id the asker has named or already sees; rows themselves are read by guarded queries alone.
 */
export interface SystemQueries {
  findScope(id: string): Promise<FoundScope | null>;
  /** For that user alone: nobody needs a permission to know who they are. */
  findUser(id: string): Promise<FoundUser | null>;
  /** For those alone who belong to it. */
  findOrganization(id: string): Promise<FoundOrganization | null>;
  /** Which model each of the ids is one of. */
  findKinds(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
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

/**
 * The questions, asked with the unenforced client. `kinds` are the models that an id can be one of; of two
 * that share an id the later one is meant (D1).
 */
export function systemQueries(
  client: PrismaClient,
  dataModel: DataModel,
  kinds: readonly string[],
): SystemQueries {
  const kindsSql = kinds
    .map((kind) => [kind, shapeOf(dataModel, kind).table])
    .map(
      ([kind, table]) =>
        `SELECT '${kind}' AS "kind", "id"::text AS "id" FROM "${table}" WHERE "id" = ANY ($1::uuid[])`,
    )
    .join('\nUNION ALL ');
  return {
    findScope: (id) =>
      reached(
        client.scope.findUnique({
          where: { id },
          select: { id: true, organizationId: true, path: true },
        }),
      ),

    findUser: (id) =>
      client.user.findUnique({ where: { id }, select: { id: true, name: true, email: true } }),

    findOrganization: (id) =>
      client.organization.findUnique({ where: { id }, select: { id: true, name: true } }),

    async findKinds(ids) {
      const found = await reached(
        client.$queryRawUnsafe<{ kind: string; id: string }[]>(kindsSql, [...ids]),
      );
      const order = (kind: string): number => kinds.indexOf(kind);
      found.sort((a, b) => order(a.kind) - order(b.kind));
      return new Map(found.map(({ kind, id }) => [id, kind]));
    },

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
