import { conditionFor } from './build-conditions.js';
import { ACTIONS } from './built-in.js';
import { choose, chooseSome, type Draft, nameFor } from './draft.js';
import { PREFIXES } from './names.js';
import type { Spec } from './spec.js';
import { FUTURE, PAST, type Row, rootOf } from './types.js';

const READS = [
  'form',
  'workflow',
  'agent',
  'app',
  'config',
  'config',
  'role',
  'permission',
  'scopeType',
  'scope',
  'organization',
  'user',
  'team',
  'membership',
];

/**
 * What is asked for mostly: worlds to be read in have permissions to read, others those to write, too: rows, or what says who
 * may do what and where.
 */
export type Purpose = 'reading' | 'writing' | 'governing';

const WRITES = ['form', 'workflow', 'agent', 'app', 'config', 'config', 'team', 'user'];
const GOVERNS = ['scope', 'role', 'membership', 'form', 'permission', 'scopeType', 'scopeOverride'];
const writtenIn = (purpose: Purpose): readonly string[] =>
  purpose === 'governing' ? GOVERNS : WRITES;

/** What somebody may do, of what there is to be done in a world. */
function permitted(what: number, purpose: Purpose): readonly [resource: string, action: string] {
  if (purpose !== 'reading') {
    const written = writtenIn(purpose);
    const resource = choose(written, what);
    return [resource, choose(ACTIONS[resource] ?? [], Math.floor(what / written.length))];
  }
  if (what % 8 > 0) return [choose(READS, what), 'read'];
  const others = [
    ['organization', 'actIn'],
    ['form', 'update'],
    ['config', 'reveal'],
  ] as const;
  return choose(others, what >> 3);
}

/** Permissions at any scope, about what there is in the world. */
export function buildPermissions(draft: Draft, spec: Spec, purpose: Purpose): void {
  const rows = draft.rows.filter((row) => row.type !== 'Permission');
  for (const { at, what, pattern } of spec.permissions) {
    const scopeId = draft.place(at);
    const [resourceType, action] = permitted(what, purpose);
    const meant = rows.filter((row) => row.type.toLowerCase() === resourceType.toLowerCase());
    const resourcePattern = patternFor(pattern, meant.length > 0 ? meant : rows);
    const key = `${resourceType}:${action}:${resourcePattern}`;
    if (!draft.take('permission', scopeId, key)) continue;
    const label = what % 3 === 0 ? null : nameFor(what);
    // What else is drawn stays as it is: a condition is drawn of numbers that are there.
    const logic =
      purpose === 'reading' ? conditionFor(draft, resourceType, meant, what * 31 + pattern) : null;
    const condition = logic === null ? null : JSON.stringify(logic);
    const cells = { key, resourceType, action, resourcePattern, label, condition };
    const one = { organization: draft.tenantOf(scopeId), scope: scopeId };
    draft.add('Permission', draft.next('Permission'), { cells, one, many: {} }, what);
  }
}

/** Anything, an id, a name or a prefix; never what the database refuses. */
function patternFor(choice: number, rows: readonly Row[]): string {
  const rest = Math.floor(choice / 6);
  switch (choice % 6) {
    case 0:
      return '*';
    case 1:
      return 'owned';
    case 2:
      return choose(rows, rest).id;
    case 3: {
      const { name, key } = choose(rows, rest).cells;
      return String(key ?? name ?? '').replaceAll('*', '') || 'a';
    }
    default:
      return choose(PREFIXES, rest);
  }
}

/** Roles at any scope, with permissions that can be given to them there (D8). */
export function buildRoles(draft: Draft, spec: Spec, purpose: Purpose): void {
  for (const { at, name, reach, permissions } of spec.roles) {
    const scopeId = draft.place(at);
    const text = nameFor(name);
    if (!draft.take('role', scopeId, text)) continue;
    const path = draft.path(scopeId);
    const usable = draft.of('Permission').filter((p) => path.includes(p.one.scope as string));
    // What the world made before what is built in, of which only what reads is worth holding.
    const made = usable.filter((p) => !p.id.startsWith('00000000'));
    const reads = usable.filter((p) => /:read:/.test(String(p.cells.key)));
    // A reach decides otherwise of people than of rows (D7), and of people there are few.
    const people = reads.filter((p) => /^(user|team):read:\*$/.test(String(p.cells.key)));
    const choices = [...made, ...made, ...made, ...reads, ...people, ...people, ...people];
    const dataAccess = choose(
      ['OWN_DATA', 'OWN_DATA', 'TEAM_DATA', 'TEAM_DATA', 'ALL_DATA', 'ALL_DATA', 'WEIRD'],
      reach,
    );
    const cells = { name: text, description: null, dataAccess, isSystem: false };
    const one = { organization: draft.tenantOf(scopeId), scope: scopeId };
    const some = chooseSome(choices, permissions);
    const all =
      purpose === 'reading'
        ? []
        : permissions.flatMap((pick) => everything(usable, pick, writtenIn(purpose)));
    const many = { permissions: [...new Set([...some, ...all].map((p) => p.id))] };
    draft.add('Role', draft.next('Role'), { cells, one, many }, name);
  }
}

/** Now and then whatever can be done with rows of a type, or all of it but one: who writes mostly may do much. */
function everything(usable: readonly Row[], pick: number, written: readonly string[]): Row[] {
  const [how, rest] = [pick % 3, Math.floor(pick / 3)];
  if (how === 2) return [];
  const resource = choose(written, rest);
  const all = usable.filter(
    ({ cells }) => cells.resourceType === resource && cells.resourcePattern === '*',
  );
  const lacked = how === 0 ? -1 : Math.floor(rest / written.length) % all.length;
  return all.filter((_, index) => index !== lacked);
}

/** Roles come after the rows, so that a pattern can name a row; here the rows get theirs. */
export function bindRoles(draft: Draft, spec: Spec): void {
  const specs = { Form: spec.forms, Workflow: spec.workflows, Agent: spec.agents, App: spec.apps };
  draft.rows.forEach((row, index) => {
    const choices = specs[row.type as keyof typeof specs]?.[Number(row.cells.spec)]?.roles;
    const { spec: _, ...cells } = row.cells;
    const tenant = row.one.organization ?? null;
    const roles = draft
      .of('Role')
      .filter((role) => role.one.organization === null || role.one.organization === tenant);
    const many = choices ? { roles: chooseSome(roles, choices).map((role) => role.id) } : {};
    draft.rows[index] = { ...row, cells, many: { ...row.many, ...many } };
  });
}

/** People and teams in scopes, with roles that can be assigned there (D8). */
export function buildMemberships(draft: Draft, spec: Spec): void {
  const subjects = [...draft.of('User'), ...draft.of('User'), ...draft.of('Team')];
  for (const { subject, where, at, roles, ends } of spec.memberships) {
    const who = choose(subjects, subject);
    const scopes = draft.of('Scope');
    const home = scopes.filter((scope) => scope.one.organization === who.one.organization);
    const root = home.filter((scope) => scope.id === rootOf(who.one.organization as string));
    // Mostly at home, often at its root; the others are in another organization, or the platform's.
    const scope = choose([home, home, root, root, scopes][where % 5] ?? home, at);
    if (!draft.take('membership', who.id, scope.id)) continue;
    const path = draft.path(scope.id);
    const usable = draft.of('Role').filter((role) => path.includes(role.one.scope as string));
    const made = usable.filter((role) => role.cells.isSystem === false);
    const roleIds = chooseSome([...usable, ...made], roles).map((role) => role.id);
    draft.memberships.push({
      id: draft.next('Membership'),
      scopeId: scope.id,
      userId: who.type === 'User' ? who.id : null,
      teamId: who.type === 'Team' ? who.id : null,
      keyId: null,
      roleIds,
      expiresAt: choose([PAST, FUTURE, FUTURE, null, null, null, null, null], ends),
      ends: Object.fromEntries(ends % 5 === 0 ? roleIds.slice(0, 1).map((id) => [id, PAST]) : []),
    });
  }
}
