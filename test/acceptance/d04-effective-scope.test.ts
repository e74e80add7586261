import { describe, expect, it } from 'vitest';
import { namesOf, nodesOf, refusals, withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

const NOBODY_ID = '018f0000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const provider = await world.organization('provider', { isProvider: true });
  const a = await world.organization('A');
  const b = await world.organization('B');
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const sibling = await world.scope(workspace, 'sibling');
  const projectOfB = await world.scope(b, 'project of B');
  const x = await world.role(PLATFORM, [], { name: 'x' });
  const rows = { a, b, workspace, project, sibling, provider, 'project of B': projectOfB };
  for (const [name, at] of Object.entries(rows)) {
    await world.row('form', at, name);
    await world.row('config', at, name);
  }
  await world.row('config', PLATFORM, 'global');
  const flow = await world.row('workflow', PLATFORM, 'flow x', {
    access: 'ROLE_BASED',
    roles: [x],
  });
  const bound = { access: 'ROLE_BASED', roles: [x], more: { workflowId: flow.id } } as const;
  await world.row('form', PLATFORM, 'global x', bound);
  await world.row('form', PLATFORM, 'global', { more: { workflowId: flow.id } });
  await world.row('agent', PLATFORM, 'agent x', {
    ...{ access: 'ROLE_BASED', roles: [x] },
    more: { tools: { create: [{ workflowId: flow.id }] } },
  });
  await world.row('form', b, 'b x', { access: 'ROLE_BASED', roles: [x] });

  const staff = async (role = SYSTEM.Member, at = provider) => {
    const user = await world.user(provider, 'staff');
    await world.hold(user, role, at);
    return user;
  };
  // Reads configs and holds x at home: nothing of it counts in another tenant.
  const reader = await staff(SYSTEM.Viewer);
  await world.hold(reader, x, provider);
  const viewerOfB = await staff();
  await world.hold(viewerOfB, SYSTEM.Viewer, b);
  await world.hold(viewerOfB, x, b);
  const atPlatform = await staff();
  await world.hold(atPlatform, SYSTEM.Viewer, PLATFORM);
  // At home may do nothing but act elsewhere.
  const guest = await staff(await world.role(provider, ['organization:actIn']));
  await world.hold(guest, SYSTEM.Viewer, b);
  const memberOfA = await world.user(a, 'member of A');
  await world.hold(memberOfA, SYSTEM.Member, a);
  const below = await world.scope(provider, 'department', 'Workspace');
  return {
    ...{
      provider,
      a,
      b,
      workspace,
      project,
      projectOfB,
      reader,
      viewerOfB,
      guest,
      atPlatform,
      memberOfA,
    },
    user: await world.user(a),
    member: await staff(),
    stranger: await world.user(provider, 'stranger'),
    actsBelow: await staff(SYSTEM.Member, below),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
  };
});
const { ask } = shared;

type Who =
  | 'user'
  | 'memberOfA'
  | 'member'
  | 'reader'
  | 'viewerOfB'
  | 'atPlatform'
  | 'stranger'
  | 'actsBelow'
  | 'admin';

/** The names of the forms (or configs) that somebody gets where they say they act. */
async function list(who: Who, scope?: string | null, header?: string, kind = 'forms') {
  const name = kind === 'forms' ? 'name' : 'key';
  const declared = scope === undefined ? '' : 'query ($scope: ID) ';
  const source = `${declared}{ ${kind}${scope === undefined ? '' : '(scope: $scope)'} {
    totalCount edges { node { ${name} } }
  } }`;
  const variables = scope === undefined ? {} : { scope };
  const headers = header === undefined ? {} : { 'x-heimdall-scope': header };
  const { data, errors } = await ask(shared.w[who].email, source, variables, headers);
  if (errors.length > 0) return refusals(errors);
  expect(data[kind].totalCount).toBe(data[kind].edges.length);
  return namesOf(data[kind]);
}

describe('D4: the scope argument', () => {
  it('omitted, is the whole organization and the global tier', async () => {
    expect(await list('user')).toEqual(['a', 'global', 'project', 'sibling', 'workspace']);
  });

  it('null, is the global tier alone: omitted and null differ', async () => {
    expect(await list('user', null)).toEqual(['global']);
  });

  it('the organization, is its root and the global tier', async () => {
    expect(await list('user', shared.w.a.id)).toEqual(['a', 'global']);
  });

  it("the organization's root by its own id, is the same place, in a header too (D1)", async () => {
    const { a, b } = shared.w;
    for (const root of [a.scopeId, a.scopeId.toUpperCase()]) {
      expect(await list('user', root)).toEqual(['a', 'global']);
      expect(await list('user', undefined, root)).toEqual(['a', 'global']);
    }
    expect(await list('user', b.scopeId)).toEqual(['SCOPE_FORBIDDEN forms']);
    expect(await list('admin', b.scopeId)).toEqual(await list('admin', b.id));
    // An id that differs in the version alone is nobody's.
    const other = a.id.replace(/^(.{14})7/, '$14');
    expect(await list('user', other)).toEqual(['SCOPE_FORBIDDEN forms']);
  });

  it('takes one statement more, however many are named in one request', async () => {
    const { user, a, project } = shared.w;
    const places = [a.id, a.scopeId, project.id];
    const source = (given: readonly string[]) =>
      `{ ${given.map((one, n) => `f${n}: formByName(name: "a"${one}) { id }`).join(' ')} }`;
    const count = async (given: readonly string[]) =>
      (await shared.statements(() => ask(user.email, source(given)))).filter((sql) =>
        / FROM "(public"\.")?scope"/.test(sql),
      ).length;
    expect(await count(['', ''])).toBe(0);
    expect(await count(places.map((id) => `, scope: "${id}"`))).toBe(1);
  });

  it('a scope in it, is its chain and the global tier, without any right on the scope', async () => {
    const { project } = shared.w;
    expect(await list('user', project.id)).toEqual(['a', 'global', 'project', 'workspace']);
    expect(await list('user', project.id.toUpperCase())).toHaveLength(4);
  });

  it('of another organization, or unknown, is refused with one and the same error', async () => {
    const { b, projectOfB } = shared.w;
    const answers = [];
    for (const scope of [
      b.id,
      b.scopeId,
      projectOfB.id,
      NOBODY_ID,
      PLATFORM.id,
      'nonsense',
      '',
      'global',
    ]) {
      const source = 'query ($scope: ID) { forms(scope: $scope) { totalCount } }';
      answers.push(await ask(shared.w.user.email, source, { scope }));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(refusals(answers[0]?.errors ?? [])).toEqual(['SCOPE_FORBIDDEN forms']);
  });

  it('is refused by lookups by name and by external id too', async () => {
    const source = /* GraphQL */ `
      query ($scope: ID) {
        formByName(name: "b", scope: $scope) { id }
        workflowByName(name: "b", scope: $scope) { id }
        agentByName(name: "b", scope: $scope) { id }
        appBySlug(slug: "b", scope: $scope) { id }
        configByKey(key: "b", scope: $scope) { id }
        scopeByExternalId(externalId: "b", scope: $scope) { id }
      }
    `;
    const { user, admin, b } = shared.w;
    const { data, errors } = await ask(user.email, source, { scope: b.id });
    expect(Object.values(data)).toEqual([null, null, null, null, null, null]);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(
      Array(6).fill('SCOPE_FORBIDDEN'),
    );
    const allowed = await ask(admin.email, source, { scope: b.id });
    expect(allowed.errors).toEqual([]);
    expect(allowed.data.formByName).not.toBeNull();
  });
});

describe('D4: the header x-heimdall-scope', () => {
  it('is the default for fields without the argument', async () => {
    const { project } = shared.w;
    expect(await list('user', undefined, project.id)).toEqual(await list('user', project.id));
  });

  it('global, is the global tier alone', async () => {
    expect(await list('user', undefined, 'global')).toEqual(['global']);
  });

  it('gives way to the argument', async () => {
    const { a, project } = shared.w;
    expect(await list('user', a.id, project.id)).toEqual(['a', 'global']);
    expect(await list('user', null, project.id)).toEqual(['global']);
  });

  it('holds for lookups by name', async () => {
    const source = '{ formByName(name: "project") { name } }';
    const { project, user } = shared.w;
    const headers = { 'x-heimdall-scope': project.id };
    const { data } = await ask(user.email, source, {}, headers);
    expect(data.formByName).toEqual({ name: 'project' });
    expect((await ask(user.email, source)).data.formByName).toBeNull();
  });

  it('of a place where the caller may not act refuses the whole request', async () => {
    const { b, user, project } = shared.w;
    const source = '{ viewer { isPlatformAdmin } }';
    const answers = [];
    for (const header of [b.id, NOBODY_ID, PLATFORM.id, 'Global', 'null', '', `${project.id} ,x`]) {
      answers.push(await ask(user.email, source, {}, { 'x-heimdall-scope': header }));
    }
    for (const answer of answers) {
      expect(answer.data).toBeNull();
      expect(refusals(answer.errors)).toEqual(['SCOPE_FORBIDDEN']);
    }
    const accept = { accept: 'application/graphql-response+json', 'x-heimdall-scope': b.id };
    expect((await ask(user.email, source, {}, accept)).status).toBe(403);
  });
});

describe('D4: acting in another organization', () => {
  it('is for platform admins', async () => {
    const { b, projectOfB } = shared.w;
    expect(await list('admin', b.id)).toEqual(['b', 'b x', 'global', 'global x']);
    expect(await list('admin', projectOfB.id)).toContain('project of B');
    expect(await list('admin', undefined, projectOfB.id)).toContain('project of B');
    expect(await list('admin')).not.toContain('b');
  });

  it('is for members of a provider who hold organization:actIn at its root', async () => {
    const { b, projectOfB } = shared.w;
    expect(await list('member', b.id)).toEqual(['b', 'global']);
    expect(await list('member', undefined, projectOfB.id)).toEqual(['b', 'global', 'project of B']);
    expect(await list('member')).toEqual(['global', 'provider']);
  });

  it('is for nobody else', async () => {
    const { b } = shared.w;
    const forbidden = ['SCOPE_FORBIDDEN forms'];
    // In a provider but without the permission, or with it below the root; and the reverse.
    expect(await list('stranger', b.id)).toEqual(forbidden);
    expect(await list('actsBelow', b.id)).toEqual(forbidden);
    expect(await list('memberOfA', b.id)).toEqual(forbidden);
    expect(await list('stranger', undefined, b.id)).toEqual(['SCOPE_FORBIDDEN']);
  });

  it('only what is held inside the target counts there', async () => {
    const { b } = shared.w;
    expect(await list('reader', undefined, undefined, 'configs')).toEqual(['global', 'provider']);
    expect(await list('reader', b.id, undefined, 'configs')).toEqual([]);
    expect(await list('viewerOfB', b.id, undefined, 'configs')).toEqual(['b', 'global']);
    expect(await list('viewerOfB', undefined, undefined, 'configs')).toEqual([]);
    // x is held by one at home, and by the other in B.
    expect(await list('reader')).toContain('global x');
    expect(await list('reader', b.id)).toEqual(['b', 'global']);
    expect(await list('viewerOfB')).not.toContain('global x');
    expect(await list('viewerOfB', b.id)).toEqual(['b', 'b x', 'global', 'global x']);
  });

  it('what is held at the platform root is not held inside the target', async () => {
    const { b } = shared.w;
    expect(await list('atPlatform', undefined, undefined, 'configs')).toEqual(['global']);
    expect(await list('atPlatform')).toContain('global x');
    expect(await list('atPlatform', b.id, undefined, 'configs')).toEqual([]);
    expect(await list('atPlatform', b.id)).toEqual(['b', 'global']);
  });

  it('never changes who acts', async () => {
    const { b, member, provider } = shared.w;
    const source = '{ viewer { principal { userId organizationId } roles } }';
    const { data } = await ask(member.email, source, {}, { 'x-heimdall-scope': b.id });
    expect(data.viewer).toEqual({
      principal: { userId: member.id, organizationId: provider.id },
      roles: ['Member'],
    });
  });
});

describe('D4: acrossOrganizations', () => {
  const source =
    '{ forms(first: 200, acrossOrganizations: true) { totalCount edges { node { name } } } }';
  const NAMES = ['a', 'b', 'global', 'project', 'project of B', 'provider', 'sibling', 'workspace'];

  it.each(['admin', 'member'] as const)('shows all tenants to the %s', async (who) => {
    const { data, errors } = await ask(shared.w[who].email, source);
    expect(errors).toEqual([]);
    const expected =
      who === 'admin' ? ['a', 'b', 'b x', 'global', 'global x', ...NAMES.slice(3)] : NAMES;
    expect(namesOf(data.forms)).toEqual(expected);
    expect(data.forms.totalCount).toBe(expected.length);
  });

  it.each(['user', 'memberOfA', 'stranger', 'actsBelow'] as const)(
    'is refused to %s',
    async (who) => {
      const { data, errors } = await ask(shared.w[who].email, source);
      expect(data).toEqual({ forms: null });
      expect(refusals(errors)).toEqual(['SCOPE_FORBIDDEN forms']);
    },
  );

  it('false or null asks for nothing special', async () => {
    const plain = await list('user');
    for (const value of ['false', 'null']) {
      const { data } = await ask(
        shared.w.user.email,
        `{ forms(acrossOrganizations: ${value}) { edges { node { name } } } }`,
      );
      expect(namesOf(data.forms)).toEqual(plain);
    }
  });

  it('excludes a scope, null too', async () => {
    for (const scope of ['null', `"${shared.w.a.id}"`]) {
      const { errors } = await ask(
        shared.w.admin.email,
        `{ forms(acrossOrganizations: true, scope: ${scope}) { totalCount } }`,
      );
      expect(refusals(errors)).toEqual(['BAD_USER_INPUT forms']);
    }
  });
});

describe('D4: by id', () => {
  it('whatever the caller could switch to is reached, and nothing else', async () => {
    const { admin } = shared.w;
    const all = await ask(
      admin.email,
      '{ forms(first: 200, acrossOrganizations: true) { edges { node { id name } } } }',
    );
    const forms = nodesOf<{ id: string; name: string }>(all.data.forms);
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Form { name } } }';
    const reached = async (who: Who, headers = {}) => {
      const variables = { ids: forms.map(({ id }) => id) };
      const { data } = await ask(shared.w[who].email, source, variables, headers);
      return data.nodes.flatMap((one: { name: string } | null) => (one === null ? [] : [one.name]));
    };
    const ofA = ['a', 'global', 'project', 'sibling', 'workspace'];
    expect(await reached('user')).toEqual(ofA);
    // The place of the request does not narrow it.
    expect(await reached('user', { 'x-heimdall-scope': 'global' })).toEqual(ofA);
    expect(await reached('stranger')).toEqual(['global', 'provider']);
    expect(await reached('admin')).toEqual(forms.map(({ name }) => name));
    const open = forms.map(({ name }) => name).filter((name) => !name.endsWith(' x'));
    expect(await reached('member')).toEqual(open);
    expect(await reached('viewerOfB')).toEqual([...open, 'b x'].sort());
  });
});

describe('D4: along relations', () => {
  it('a list in a place asks of related rows wherever they are', async () => {
    // The workspace is listed at the root; its projects live at the workspace, which the place of the
    // root does not cover.
    const source = `query ($scope: ID) {
      scopes(scope: $scope, where: { children: { some: { name: { eq: "project" } } } }) {
        edges { node { name children { edges { node { name } } } } }
      }
    }`;
    const { data, errors } = await ask(shared.w.admin.email, source, { scope: shared.w.a.id });
    expect(errors).toEqual([]);
    expect(withoutPages(data.scopes)).toEqual([
      { name: 'workspace', children: [{ name: 'project' }, { name: 'sibling' }] },
    ]);
  });
});

describe('D4: below a list in a place', () => {
  const source = `query ($scope: ID, $where: FormFilter) { forms(scope: $scope, where: $where) {
    edges { node { name canUse workflow { name canUse } } }
  } }`;
  const expected = { name: 'global x', canUse: true, workflow: { name: 'flow x', canUse: true } };

  it('rows, and what they lead to, are decided there', async () => {
    const { data } = await ask(shared.w.viewerOfB.email, source, { scope: shared.w.b.id });
    // The role is held at B, which the request itself does not act in.
    expect(nodesOf(data.forms)).toContainEqual(expected);
  });

  it('so is a row that is looked up there', async () => {
    const lookup = `query ($scope: ID) { form: formByName(name: "global x", scope: $scope) {
      name canUse workflow { name canUse }
    } }`;
    const { data } = await ask(shared.w.viewerOfB.email, lookup, { scope: shared.w.b.id });
    expect(data.form).toEqual(expected);
  });

  it('so are the rows of a to-many relation, and what these lead to', async () => {
    const { b, guest, viewerOfB } = shared.w;
    const agents =
      'query ($scope: ID) { agents(scope: $scope) { edges { node { name tools { edges { node { name canUse } } } } } } }';
    const used = await ask(viewerOfB.email, agents, { scope: b.id });
    expect(withoutPages(used.data.agents)).toEqual([
      { name: 'agent x', tools: [{ name: 'flow x', canUse: true }] },
    ]);
    const scopes =
      'query ($scope: ID) { scopes(scope: $scope) { edges { node { children { edges { node { name type { name } } } } } } } }';
    const below = await ask(guest.email, scopes, { scope: b.id });
    expect(withoutPages(below.data.scopes)).toContainEqual({
      children: [{ name: 'project of B', type: { name: 'Project' } }],
    });
  });

  it('so is what the holders of a role lead to', async () => {
    const holders = `query ($scope: ID) { roles(scope: $scope, where: { name: { eq: "x" } }) {
      edges { node { holders { edges { node { user { name } scope { type { name } } } } } } }
    } }`;
    const { data } = await ask(shared.w.guest.email, holders, { scope: shared.w.b.id });
    // The type of the scope is global: it is read by who may at B.
    expect(withoutPages(data.roles)).toEqual([
      { holders: [{ user: null, scope: { type: { name: 'Tenant' } } }] },
    ]);
  });

  it('a filter and the relation it asks for agree', async () => {
    const where = { workflow: { is: { name: { eq: 'flow x' } } } };
    const asked = { scope: shared.w.b.id, where };
    const { data } = await ask(shared.w.viewerOfB.email, source, asked);
    expect(nodesOf(data.forms)).toEqual([{ ...expected, name: 'global' }, expected]);
    const atHome = await ask(shared.w.viewerOfB.email, source, { where });
    expect(nodesOf(atHome.data.forms)).toEqual([]);
  });

  it('two lists in two places of one request do not mix', async () => {
    const both = `query ($b: ID, $a: ID) {
      b: forms(scope: $b) { edges { node { name workflow { name } } } }
      a: forms(scope: $a) { edges { node { name workflow { name } } } }
    }`;
    const { w } = shared;
    const { data } = await ask(w.viewerOfB.email, both, { a: w.a.id, b: w.b.id });
    expect(nodesOf(data.b)).toContainEqual({ name: 'global', workflow: { name: 'flow x' } });
    expect(nodesOf(data.a)).toContainEqual({ name: 'global', workflow: null });
  });
});
