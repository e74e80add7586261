import fc from 'fast-check';
import { ACTIONS } from './built-in.js';
import { choose, chooseSome, type Draft } from './draft.js';
import { FUTURE, type Key, PAST, type Row, rootOf } from './types.js';

const pick = fc.nat(997);

/** Keys as a generator sees them: choices among whoever there is. */
export const keysArbitrary = fc.array(
  fc.record({
    kind: fc.boolean(),
    whose: pick,
    at: pick,
    operations: pick,
    state: pick,
    roles: fc.array(pick, { minLength: 1, maxLength: 3, size: 'max' }),
    elsewhere: pick,
  }),
  { minLength: 1, maxLength: 6, size: 'max' },
);
export type KeySpec = typeof keysArbitrary extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

/** API keys and virtual keys of people, of teams and of nobody (D42). */
export function buildKeys(draft: Draft, specs: readonly KeySpec[]): void {
  for (const spec of specs) {
    const subject = subjectOf(draft, spec);
    const homes = draft.of('Organization').map(({ id }) => id);
    const home = subject?.one.organization ?? choose(homes, spec.at);
    // Of an owner who is elsewhere it is nobody's to act by (D42).
    const organizationId = spec.elsewhere % 16 === 0 ? choose(homes, spec.elsewhere) : home;
    const key: Key = {
      id: draft.next('Key'),
      kind: spec.kind ? 'API_KEY' : 'VIRTUAL_KEY',
      organizationId,
      ownerId: subject?.type === 'User' ? subject.id : null,
      teamId: teamOf(draft, subject, spec),
      operations: operationsFor(spec.operations),
      ...stateOf(spec.state),
    };
    draft.keys.push(key);
    // What a key that is somebody's was given itself counts for nothing, nor what it was given elsewhere.
    if (subject === null || spec.elsewhere % 5 === 0) holdAt(draft, key, spec);
    if (subject?.type === 'Team') shareRole(draft, subject, spec);
  }
}

/** Half of them people's, of the rest one half teams'; null: nobody's. */
function subjectOf(draft: Draft, { whose, at }: KeySpec): Row | null {
  const [users, teams] = [draft.of('User'), draft.of('Team')];
  if (whose % 8 < 4) return choose(users, at);
  return whose % 8 < 6 && teams.length > 0 ? choose(teams, at) : null;
}

/** A key of a user is now and then a team's besides, which gives it nothing. */
function teamOf(draft: Draft, subject: Row | null, { whose, at }: KeySpec): string | null {
  if (subject?.type === 'Team') return subject.id;
  const { organization } = subject?.one ?? {};
  const near = draft.of('Team').filter((team) => team.one.organization === organization);
  return subject !== null && whose % 3 === 0 && near.length > 0 ? choose(near, at).id : null;
}

const USED = ['form', 'workflow', 'agent', 'app'];

/** Mostly all that there is to be done but a seventh of it; now and then all of it, or to read alone, or nothing. */
function operationsFor(choice: number): string[] {
  const all = Object.entries(ACTIONS).flatMap(([type, actions]) =>
    [...actions, ...(USED.includes(type) ? ['use'] : [])].map((action) => `${type}:${action}`),
  );
  switch (choice % 12) {
    case 0:
      return [];
    case 1:
      return all.filter((one) => one.endsWith(':read'));
    case 2:
    case 3:
      return all;
    default:
      return all.filter((_, index) => (choice + index * 5) % 7 > 0);
  }
}

function stateOf(choice: number): Pick<Key, 'isActive' | 'expiresAt' | 'revokedAt'> {
  const state = choice % 16;
  return {
    isActive: state !== 0,
    expiresAt: state === 1 ? PAST : state < 6 ? FUTURE : null,
    revokedAt: state === 2 ? PAST : null,
  };
}

/** Roles of its organization where they are defined, or at a scope of any other. */
function holdAt(
  draft: Draft,
  { id, organizationId }: Key,
  { at, roles, elsewhere }: KeySpec,
): void {
  const defined = usable(draft, organizationId);
  const role = defined.length > 0 ? choose(defined, at) : null;
  const scopeIds = new Set([role?.one.scope ?? rootOf(organizationId)]);
  if (elsewhere % 4 === 0) scopeIds.add(choose(draft.of('Scope'), elsewhere).id);
  for (const scopeId of scopeIds) {
    const path = draft.path(scopeId);
    const there = draft.of('Role').filter(({ one }) => path.includes(String(one.scope)));
    const own = role !== null && path.includes(String(role.one.scope)) ? [role.id] : [];
    const roleIds = [...new Set([...own, ...chooseSome(there, roles).map((one) => one.id)])];
    const lasting = { userId: null, teamId: null, expiresAt: null, ends: {} };
    draft.memberships.push({
      ...{ id: draft.next('Membership'), scopeId, keyId: id, roleIds },
      ...lasting,
    });
  }
}

/** Mostly those by which people write. */
function usable(draft: Draft, organizationId: string | null): Row[] {
  const own = draft.of('Role').filter(({ one }) => one.organization === organizationId);
  const writers = own.filter(({ cells }) => String(cells.name).startsWith('writer '));
  return writers.length > 0 ? writers : own;
}

/** What a team holds is what its key does: mostly something to write by. */
function shareRole(draft: Draft, team: Row, { at, whose }: KeySpec): void {
  const roles = usable(draft, team.one.organization ?? null);
  if (roles.length === 0 || whose % 3 === 0) return;
  const { id, one } = choose(roles, at);
  const scopeId = String(one.scope);
  if (draft.memberships.some((held) => held.teamId === team.id && held.scopeId === scopeId)) return;
  const nobody = { userId: null, keyId: null, expiresAt: null, ends: {} };
  draft.memberships.push({
    ...{ id: draft.next('Membership'), scopeId, teamId: team.id, roleIds: [id] },
    ...nobody,
  });
}
