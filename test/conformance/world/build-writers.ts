import type { Purpose } from './build-roles.js';
import { choose, type Draft } from './draft.js';
import type { Spec } from './spec.js';
import { PLATFORM, type Row, rootOf } from './types.js';

const WRITES = ['form', 'workflow', 'agent', 'app', 'config', 'team', 'user'];

/**
 * In a world that is written in, most people may write something: a role of their own, with all but one action on
 * rows of some types, at their root or below it. Who may do all of it, or nothing, comes to few rules.
 */
export function buildWriters(draft: Draft, spec: Spec, purpose: Exclude<Purpose, 'reading'>): void {
  const users = draft.of('User');
  spec.users.forEach(({ name: choice }, index) => {
    const user = users[index];
    if (user === undefined || choice % 5 === 0) return;
    const scopeId = placeFor(draft, user, choice);
    const name = `writer ${index}`;
    const cells = {
      name,
      description: null,
      dataAccess: choose(REACHES[purpose], choice >> 2),
      isSystem: false,
    };
    const one = { organization: draft.tenantOf(scopeId), scope: scopeId };
    const builtIn = draft.of('Permission').filter((row) => row.id.startsWith('00000000'));
    const permissions =
      purpose === 'writing' ? permissionsFor(builtIn, choice) : governedBy(builtIn, choice);
    const id = draft.next('Role');
    draft.add('Role', id, { cells, one, many: { permissions } }, choice);
    hold(draft, user.id, scopeId, id);
  });
}

/** What says who may do what is nobody's own: by ALL_DATA alone is it written (D7). */
const REACHES = {
  writing: ['ALL_DATA', 'ALL_DATA', 'ALL_DATA', 'OWN_DATA', 'TEAM_DATA'],
  governing: [...Array<string>(7).fill('ALL_DATA'), 'TEAM_DATA'],
};

/** Mostly the root of their organization, else below it or, now and then, the platform's. */
function placeFor(draft: Draft, user: Row, choice: number): string {
  const home = user.one.organization as string;
  const below = draft.of('Scope').filter((scope) => scope.one.organization === home);
  const places = [rootOf(home), rootOf(home), choose(below, choice).id];
  return choice % 23 === 0 ? PLATFORM : choose(places, choice >> 3);
}

/** What is built in: to read all, and of two or three types to do all but one thing. */
function permissionsFor(builtIn: readonly Row[], choice: number): string[] {
  const types = [0, 1, 2].map((turn) => choose(WRITES, choice + turn * 3));
  const lacked = choose(
    ['none', 'delete', 'share', 'transfer', 'update', 'create', 'none'],
    choice >> 1,
  );
  return builtIn
    .filter(({ cells: { action, resourceType } }) =>
      action === 'read'
        ? choice % 3 > 0 || types.includes(String(resourceType))
        : types.includes(String(resourceType)) && action !== lacked,
    )
    .map(({ id }) => id);
}

/**
 * All that is built in, or all but what can be done with one type of rows, or but an action or two: of what others hold each lacks
 * something, and a right that is lacked is what a rule is asked about.
 */
function governedBy(builtIn: readonly Row[], choice: number): string[] {
  const type = choose(['form', 'config', 'agent', 'organization', 'user', 'role'], choice >> 2);
  const some = [choice % 61, choice % 89].map((at) => choose(builtIn, at * 7));
  const lacked = [
    [],
    builtIn.filter(({ cells }) => cells.resourceType === type && cells.action !== 'read'),
    builtIn.filter(({ cells }) => cells.resourceType === type && cells.action === 'delete'),
    some,
  ][choice % 4] as readonly Row[];
  return builtIn.filter((row) => !lacked.includes(row)).map(({ id }) => id);
}

/** Besides what they hold there already. */
export function hold(draft: Draft, userId: string, scopeId: string, roleId: string): void {
  const index = draft.memberships.findIndex(
    (one) => one.userId === userId && one.scopeId === scopeId,
  );
  const known = draft.memberships[index];
  if (known === undefined) {
    const id = draft.next('Membership');
    const lasting = { expiresAt: null, ends: {} };
    const subject = { userId, teamId: null, keyId: null };
    draft.memberships.push({ id, scopeId, ...subject, roleIds: [roleId], ...lasting });
  } else draft.memberships[index] = { ...known, roleIds: [...known.roleIds, roleId] };
}
