import { createHash } from 'node:crypto';
import type { Change } from '../data/changes.js';
import type { Vector } from '../data/write/authority.js';
import { Decisions } from '../policy/decisions.js';
import type { Policies } from '../policy/define-policy.js';
import { type Answer, evaluate } from '../policy/evaluate.js';
import { type Facts, factsFor } from '../policy/facts.js';
import type { Principal } from '../policy/principal.js';
import { isConstant, type Residual } from '../policy/residual.js';
import type { Extent, Place } from '../policy/situation.js';
import type { LiveKind } from '../request/live.js';

/** What a place covers, as a list with `includeShadowed: true` does. */
export const IN_PLACE: Extent = { kind: 'placed' };

/** What somebody may see of some models in a place: what decides every event of theirs. */
export interface Sight {
  readonly principal: Principal;
  readonly decisions: Decisions;
  /** By model. */
  readonly of: ReadonlyMap<string, Seen>;
  /** Whether other rows decide as well, such as a row's scope or its creator's teams. */
  readonly isRelated: boolean;
  /** Two that are the same see the same. */
  readonly hash: string;
}

/** What is seen of a model. */
export interface Seen {
  readonly residual: Residual;
  /** Those of the same key are decided alike. */
  readonly key: string;
}

/**
 * What a principal may see (D4, D6 to D11) in a place, shadowed rows included (D3 is no access control).
 *
 * @param vector is part of it where other rows decide, whose changes raise a version
 */
export function sightOf(
  policies: Policies,
  { principal, vector }: { readonly principal: Principal; readonly vector: Vector },
  at: Place,
  models: readonly string[],
): Sight {
  const place: Place = { ...at, includeShadowed: true };
  const decisions = new Decisions(policies, principal, place);
  const of = new Map(
    models.map((model) => {
      const residual = decisions.residual(model, 'read', IN_PLACE);
      return [model, { residual, key: `${model} ${hashOf(residual)}` }] as const;
    }),
  );
  const isRelated = [...of.values()].some(({ residual }) => hasRelations(factsFor(residual)));
  const { readAt: _, ...held } = principal;
  const all = [held, place, [...of.values()].map(({ key }) => key), isRelated ? vector : null];
  return { principal, decisions, of, isRelated, hash: hashOf(all) };
}

const hasRelations = (facts: Facts): boolean => Object.values(facts).some((one) => one !== true);

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 24);

/** What rows by id the database says to be seen. */
export type AskDatabase = (model: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * What each of these changes is to who sees so: by what the row was and is, in memory; where that does not say, the database is
 * asked what is seen now, in one statement for all. Null: nothing, for it is seen neither before nor after.
 *
 * INVARIANT: of a row of which nobody can say whether it was seen no id is told when it is not seen now: ACCESS_CHANGED has
 * its subscriber read again instead.
 */
export async function decideChanges(
  model: string,
  { residual }: Seen,
  changes: readonly Change[],
  ask: AskDatabase,
): Promise<(LiveKind | null)[]> {
  if (isConstant(residual, false)) return changes.map(() => null);
  const answers = changes.map(({ before, after }) => ({
    before: before === null ? 'no' : evaluate(residual, before),
    after: after === null ? 'no' : evaluate(residual, after),
  }));
  const open = changes.filter((_, index) => answers[index]?.after === 'unknown');
  const ids = [...new Set(open.map(({ id }) => id))];
  const seen = ids.length === 0 ? new Set<string>() : await ask(model, ids);
  return changes.map((change, index) => {
    const { before = 'unknown', after = 'unknown' } = answers[index] ?? {};
    const now = after === 'unknown' ? (seen.has(change.id) ? 'yes' : 'no') : after;
    // What decides it on the row is what it was, and of other rows there is an event of their own.
    return kindOf(before === 'unknown' && isDecidedAlike(residual, change) ? now : before, now);
  });
}

function isDecidedAlike(residual: Residual, { before, after }: Change): boolean {
  if (before === null || after === null) return false;
  const columns = Object.entries(factsFor(residual)).filter(([, fact]) => fact === true);
  return (
    columns.every(([name]) => Object.hasOwn(after, name)) &&
    JSON.stringify(before) === JSON.stringify(after)
  );
}

function kindOf(before: Answer, now: Answer): LiveKind | null {
  if (now === 'yes') return before === 'no' ? 'CREATED' : 'UPDATED';
  if (before === 'yes') return 'DELETED';
  return before === 'unknown' ? 'ACCESS_CHANGED' : null;
}
