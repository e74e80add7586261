import type { Disabled } from '../../data/system-queries.js';
import { evaluate } from '../../policy/evaluate.js';
import type { Principal } from '../../policy/principal.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { oneOf } from '../../query/filter.js';
import type { Context } from '../../request/context.js';
import type { Facts } from '../decide-row.js';
import { allDecidingColumns } from '../shown-row.js';
import { anyRowAt, type Spot } from '../spot.js';
import type { Beyond, Change, Ground } from './change.js';
import { isWhollyKnown, type RoleRow, rolesOf } from './giving.js';

/** So many overrides are tried, the nearest first, and so many boundaries. */
const MOST_OVERRIDES = 5;
const MOST_BOUNDARIES = 4;

/** What is tried, and on what. */
export interface Tried {
  readonly ground: Ground;
  readonly changes: readonly Change[];
}

/**
 * The single changes that the asker may make where a row is, of what they may read, and what has to be known to tell what
 * comes of them.
 */
export async function groundOf(
  context: Context,
  facts: Facts,
  spot: Spot,
  action: string,
): Promise<Tried> {
  const { organizationId, scopeId, inheritsFrom } = spot;
  const decisions = context.decisionsAt(facts.here);
  const [roles, found, merging] = await Promise.all([
    organizationId === null ? [] : rolesOf(context, organizationId),
    context.findScope(scopeId),
    mergingTypes(context, facts, spot),
  ]);
  const beyond = merging.map(({ beyond: one }) => one);
  const all = [...inheritsFrom, ...beyond.flatMap((one) => one.inheritsFrom)];
  const disabled = await context.findDisabled(all);
  const overrides = await liftable(context, facts, spot, disabled);
  const without = await withoutSets(context, facts, overrides);
  const anyRole = anyRowAt(decisions.policy('Role'), spot);
  const mayAssign = evaluate(decisions.residual('Role', 'assign'), anyRole) === 'yes';
  const path = found?.path ?? [];
  const known = roles.filter(isWhollyKnown);
  return {
    ground: { facts, spot, asker: context.principal, mayAssign, disabled, beyond, without },
    changes: [
      ...(maySharedBe(context, facts, action) ? roles : []).map(
        (role): Change => ({ change: 'SHARE_WITH_ROLE', role }),
      ),
      ...overrides.map((override): Change => ({ change: 'LIFT_OVERRIDE', override })),
      ...widenable(context, facts, known).map((role): Change => ({ change: 'CHANGE_REACH', role })),
      ...(mayAssign ? known : [])
        .filter((role) => path.includes(role.scopeId))
        .map((role): Change => ({ change: 'ASSIGN_ROLE', role, scopeId })),
      ...merging
        .filter(({ mayMerge }) => mayMerge)
        .map(({ beyond: { scopeTypeId } }): Change => ({ change: 'MERGE_TYPE', scopeTypeId })),
    ],
  };
}

function maySharedBe(context: Context, { row, here, model, policy }: Facts, action: string) {
  if (row.accessLevel !== 'ROLE_BASED' || !['read', 'use'].includes(action)) return false;
  if (policy.actions.share === undefined) return false;
  return evaluate(context.decisionsAt(here).residual(model, 'share'), row) === 'yes';
}

function widenable(context: Context, { here }: Facts, roles: readonly RoleRow[]): RoleRow[] {
  const update = context.decisionsAt(here).residual('Role', 'update');
  return roles.filter((role) => role.dataAccess !== 'ALL_DATA' && evaluate(update, role) === 'yes');
}

/** The overrides where the row is that the asker may remove. */
async function liftable(
  context: Context,
  { here }: Facts,
  { inheritsFrom }: Spot,
  disabled: readonly Disabled[],
): Promise<readonly Disabled[]> {
  const near = disabled.filter(({ scopeId }) => inheritsFrom.includes(scopeId));
  if (near.length === 0) return [];
  const decisions = context.decisionsAt(here);
  const rows = await context.readerAt(here).find({
    model: 'ScopeOverride',
    where: oneOf(
      'id',
      near.map(({ id }) => id),
    ),
    select: { columns: allDecidingColumns(decisions.policy('ScopeOverride')) },
  });
  const residual = decisions.residual('ScopeOverride', 'delete');
  const theirs = new Set(
    rows.filter((row) => evaluate(residual, row) === 'yes').map(({ id }) => id),
  );
  const distance = ({ scopeId }: Disabled): number => inheritsFrom.indexOf(scopeId);
  return near
    .filter(({ id }) => theirs.has(id))
    .sort((a, b) => distance(a) - distance(b) || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_OVERRIDES);
}

interface Merging {
  readonly beyond: Beyond;
  readonly mayMerge: boolean;
}

/**
 * The types of the boundaries above the row, the nearest first, of those that the asker may read (D8).
 *
 * INVARIANT: none where there are more than are looked at: another one of the same type would let in what nobody looked at.
 */
async function mergingTypes(context: Context, facts: Facts, spot: Spot): Promise<Merging[]> {
  const { policy, here } = facts;
  const { organizationId } = spot;
  if (policy.home?.inherits.kind !== 'array' || policy.home.itself !== undefined) return [];
  const decisions = context.decisionsAt(here);
  const columns = [...allDecidingColumns(decisions.policy('ScopeType')), 'permissionMode'];
  const scopes = context.loaders.columns('Scope', here, ['id', 'typeId']);
  const types = context.loaders.columns('ScopeType', here, columns);
  const update = decisions.residual('ScopeType', 'update');
  const merging: Merging[] = [];
  let { inheritsFrom } = spot;
  for (let n = 0; n < MOST_BOUNDARIES; n++) {
    const boundary = inheritsFrom.at(-1);
    // A root begins anew always.
    if (boundary === undefined || organizationId === null) return merging;
    if (boundary === rootScopeId(organizationId)) return merging;
    const [found, scope] = await Promise.all([context.findScope(boundary), scopes.load(boundary)]);
    const above = found?.path[found.path.indexOf(boundary) + 1];
    if (scope === null || above === undefined) return [];
    const [type, farther] = await Promise.all([
      types.load(String(scope.typeId)),
      context.findScope(above),
    ]);
    // What is built in is the platform's, and is no type that was met before, nor is one that is hidden.
    if (type === null || type.organizationId === null) return merging;
    if (farther === null) return [];
    merging.push({
      beyond: { scopeTypeId: type.id, inheritsFrom: farther.inheritsFrom },
      mayMerge: type.permissionMode === 'DEFINE' && evaluate(update, type) === 'yes',
    });
    inheritsFrom = farther.inheritsFrom;
  }
  return inheritsFrom.at(-1) === rootScopeId(organizationId ?? '') ? merging : [];
}

/** Somebody as they would be without any one or two of these overrides. */
async function withoutSets(
  context: Context,
  { subject }: Facts,
  overrides: readonly Disabled[],
): Promise<Ground['without']> {
  const ids = overrides.map(({ id }) => id);
  const sets = ids.flatMap((one, index) => [
    [one],
    ...ids.slice(index + 1).map((two) => [one, two]),
  ]);
  const byKey = async (as: Pick<Context, 'principal' | 'without'>) => {
    const found = await as.without(sets);
    const known = new Map<string, Principal>([['', as.principal]]);
    for (const [index, principal] of found.entries())
      known.set(keyOf(sets[index] ?? []), principal);
    return known;
  };
  const theirs = await byKey(subject.as);
  const ours = subject.isAsker ? theirs : await byKey(context);
  return (who, lifted) => (who === 'asker' ? ours : theirs).get(keyOf(lifted)) ?? null;
}

const keyOf = (ids: readonly string[]): string => [...ids].sort().join();
