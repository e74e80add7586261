import { buildExecutables } from './build-rows.js';
import { BUILT_IN_TYPES } from './built-in.js';
import { choose, chooseSome, Draft, nameFor } from './draft.js';
import { PREFIXES } from './names.js';
import type { Spec } from './spec.js';
import { PLATFORM, type Row, type World } from './types.js';

/** The world that a spec stands for: always one that the database accepts. */
export function build(spec: Spec): World {
  const draft = new Draft();
  buildOrganizations(draft, spec);
  buildScopes(draft, spec);
  buildPeople(draft, spec);
  buildExecutables(draft, spec);
  buildPermissions(draft, spec);
  buildRoles(draft, spec);
  bindRoles(draft, spec);
  buildMemberships(draft, spec);
  return draft.finish();
}

function buildOrganizations(draft: Draft, spec: Spec): void {
  spec.organizations.forEach(({ name, active, provider }, index) => {
    const id = draft.next('Organization');
    const cells = {
      name: nameFor(name),
      domain: index === 0 ? null : `d${index}`,
      isActive: active,
      isProvider: provider,
    };
    draft.add('Organization', id, { cells, one: { rootScope: id }, many: {} }, name);
    const one = { organization: id, parent: PLATFORM, type: BUILT_IN_TYPES.tenant };
    // Made with the organization, and so as old.
    const cellsOfRoot = { name: null, externalId: null };
    draft.add('Scope', id, { cells: cellsOfRoot, one, many: {} }, name);
  });
}

function buildScopes(draft: Draft, spec: Spec): void {
  for (const { organization, mode, name } of spec.types) {
    const tenant = choose(draft.of('Organization'), organization).id;
    const cells = {
      name: nameFor(name),
      permissionMode: choose(['DEFINE', 'MERGE', 'MERGE', 'WEIRD'], mode),
    };
    if (!draft.take('type', tenant, cells.name)) continue;
    const one = { organization: tenant };
    draft.add('ScopeType', draft.next('ScopeType'), { cells, one, many: { mayContain: [] } }, name);
  }
  for (const { parent, type, name, external } of spec.scopes) {
    const above = choose(
      draft.of('Scope').filter((scope) => scope.id !== PLATFORM),
      parent,
    );
    const tenant = draft.tenantOf(above.id);
    const holder = draft.get('ScopeType', above.one.type as string);
    const own = draft.of('ScopeType').filter((one) => one.one.organization === tenant);
    const built = (holder.many.mayContain ?? []).filter((id) => BUILT_IN_TYPES.free.includes(id));
    // Tenants' own types twice: DEFINE below the root is what is worth a look.
    const types = [...built, ...own.map((one) => one.id), ...own.map((one) => one.id)];
    if (types.length === 0) continue;
    const typeId = choose(types, type);
    allow(draft, holder, typeId);
    const externalId = external % 3 === 0 ? nameFor(external) : null;
    const kept = externalId !== null && draft.take('external', tenant, externalId);
    const cells = {
      name: name % 4 === 0 ? null : nameFor(name),
      externalId: kept ? externalId : null,
    };
    const one = { organization: tenant, parent: above.id, type: typeId };
    draft.add('Scope', draft.next('Scope'), { cells, one, many: {} }, name);
  }
}

/** Types may contain what their scopes contain. */
function allow(draft: Draft, holder: Row, typeId: string): void {
  const contained = holder.many.mayContain ?? [];
  if (contained.includes(typeId)) return;
  const index = draft.rows.indexOf(holder);
  draft.rows[index] = { ...holder, many: { mayContain: [...contained, typeId] } };
}

function buildPeople(draft: Draft, spec: Spec): void {
  const organizations = draft.of('Organization');
  spec.users.forEach(({ organization, name, active, admin }, index) => {
    const cells = {
      name: nameFor(name),
      email: `${choose(['a', 'a_', '%'], name)}${index}@x.test`,
      isActive: active,
      isPlatformAdmin: admin,
    };
    const one = { organization: choose(organizations, organization).id };
    draft.add('User', draft.next('User'), { cells, one, many: {} }, name);
  });
  for (const { organization, name, creator, members } of spec.teams) {
    const tenant = choose(organizations, organization).id;
    const text = nameFor(name);
    if (!draft.take('team', tenant, text)) continue;
    const users = draft.of('User');
    // Mostly people of its own; nothing in the model keeps others out.
    const home = users.filter((user) => user.one.organization === tenant);
    const from = home.length > 0 && creator % 5 > 0 ? home : users;
    const one = { organization: tenant, createdBy: choose(from, creator).id };
    const many = { members: chooseSome(from, members).map((user) => user.id) };
    draft.add('Team', draft.next('Team'), { cells: { name: text }, one, many }, name);
  }
}

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

function buildPermissions(draft: Draft, spec: Spec): void {
  const rows = draft.rows.filter((row) => row.type !== 'Permission');
  for (const { at, what, pattern } of spec.permissions) {
    const scopeId = draft.place(at);
    const [resourceType, action] =
      what % 8 === 0
        ? (choose(
            [
              ['organization', 'actIn'],
              ['form', 'update'],
              ['config', 'reveal'],
            ],
            what >> 3,
          ) as [string, string])
        : [choose(READS, what), 'read'];
    const resourcePattern = patternFor(pattern, rows);
    const key = `${resourceType}:${action}:${resourcePattern}`;
    if (!draft.take('permission', scopeId, key)) continue;
    const label = what % 3 === 0 ? null : nameFor(what);
    const cells = { key, resourceType, action, resourcePattern, label };
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
    case 3:
      return nameFor(rest) || 'a';
    default:
      return choose(PREFIXES, rest);
  }
}

function buildRoles(draft: Draft, spec: Spec): void {
  for (const { at, name, reach, permissions } of spec.roles) {
    const scopeId = draft.place(at);
    const text = nameFor(name);
    if (!draft.take('role', scopeId, text)) continue;
    const path = draft.path(scopeId);
    const usable = draft.of('Permission').filter((p) => path.includes(p.one.scope as string));
    // What the world made and what reads, before the many others.
    const made = usable.filter(
      (p) => p.one.scope !== PLATFORM || /:read:/.test(String(p.cells.key)),
    );
    const dataAccess = choose(
      ['OWN_DATA', 'OWN_DATA', 'TEAM_DATA', 'TEAM_DATA', 'ALL_DATA', 'ALL_DATA', 'WEIRD'],
      reach,
    );
    const cells = { name: text, description: null, dataAccess, isSystem: false };
    const one = { organization: draft.tenantOf(scopeId), scope: scopeId };
    const many = { permissions: chooseSome(made, permissions).map((p) => p.id) };
    draft.add('Role', draft.next('Role'), { cells, one, many }, name);
  }
}

/** Roles come after the rows, so that a pattern can name a row; here the rows get theirs. */
function bindRoles(draft: Draft, spec: Spec): void {
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

function buildMemberships(draft: Draft, spec: Spec): void {
  const subjects = [...draft.of('User'), ...draft.of('User'), ...draft.of('Team')];
  for (const { subject, where, at, roles } of spec.memberships) {
    const who = choose(subjects, subject);
    const scopes = draft.of('Scope');
    const home = scopes.filter((scope) => scope.one.organization === who.one.organization);
    const root = home.filter((scope) => scope.id === who.one.organization);
    // Mostly at home, often at its root; the others are in another organization, or the platform's.
    const scope = choose([home, home, root, root, scopes][where % 5] ?? home, at);
    if (!draft.take('membership', who.id, scope.id)) continue;
    const path = draft.path(scope.id);
    const usable = draft.of('Role').filter((role) => path.includes(role.one.scope as string));
    const made = usable.filter((role) => role.cells.isSystem === false);
    draft.memberships.push({
      id: draft.next('Membership'),
      scopeId: scope.id,
      userId: who.type === 'User' ? who.id : null,
      teamId: who.type === 'Team' ? who.id : null,
      roleIds: chooseSome([...usable, ...made], roles).map((role) => role.id),
    });
  }
}
