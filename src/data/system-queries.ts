import type { PrismaClient } from './generated/client.js';
import { padded } from './prisma/padded.js';

/**
 * The few questions that are asked without a policy, because what they answer is not access
 * (existence of a scope, D4; shadowing, D3; which table an id is in). Each tells an id the asker
 * has named or already sees; rows themselves are read through the enforced client alone.
 */
export interface SystemQueries {
  findScope(id: string): Promise<FoundScope | null>;
  findKinds(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  findShadowing(
    model: ShadowedModel,
    farIds: readonly string[],
    chain: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
}

export interface FoundScope {
  readonly id: string;
  readonly organizationId: string | null;
  readonly path: readonly string[];
}

export const SHADOWED_MODELS = ['Form', 'Workflow', 'Agent', 'App', 'Config'] as const;
export type ShadowedModel = (typeof SHADOWED_MODELS)[number];

/**
 * The kinds that a `node` can be. An organization's id is its root scope's too (D1): it is the
 * organization that is meant.
 */
const KINDS: readonly (readonly [kind: string, table: string])[] = [
  ['Scope', 'scope'],
  ['Organization', 'organization'],
  ['User', 'user'],
  ['Team', 'team'],
  ['ScopeType', 'scope_type'],
  ['Role', 'role'],
  ['Permission', 'permission'],
  ['Form', 'form'],
  ['Workflow', 'workflow'],
  ['Agent', 'agent'],
  ['App', 'app'],
  ['Config', 'config'],
];

const KINDS_SQL = KINDS.map(
  ([kind, table]) =>
    `SELECT '${kind}' AS "kind", "id"::text AS "id" FROM "${table}" WHERE "id" = ANY ($1::uuid[])`,
).join('\nUNION ALL ');

type ShadowPair = { farId: string; nearId: string; nearScopeId: string };
type ShadowTable = { findMany(args: object): Promise<ShadowPair[]> };

/** The questions, asked with the unenforced client. */
export function systemQueries(client: PrismaClient): SystemQueries {
  const shadows: Record<ShadowedModel, ShadowTable> = {
    Form: client.formShadow as unknown as ShadowTable,
    Workflow: client.workflowShadow as unknown as ShadowTable,
    Agent: client.agentShadow as unknown as ShadowTable,
    App: client.appShadow as unknown as ShadowTable,
    Config: client.configShadow as unknown as ShadowTable,
  };
  return {
    findScope: (id) =>
      client.scope.findUnique({
        where: { id },
        select: { id: true, organizationId: true, path: true },
      }),

    async findKinds(ids) {
      const found = await client.$queryRawUnsafe<{ kind: string; id: string }[]>(KINDS_SQL, [
        ...ids,
      ]);
      // The later kind wins, and Organization comes after Scope.
      return new Map(found.map(({ kind, id }) => [id, kind]));
    },

    /** For each shadowed row the nearest one of its name in the chain, which is nearest first. */
    async findShadowing(model, farIds, chain) {
      const pairs = await shadows[model].findMany({
        where: { farId: { in: padded(farIds) }, nearScopeId: { in: padded(chain) } },
        select: { farId: true, nearId: true, nearScopeId: true },
      });
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
