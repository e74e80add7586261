import { describe, expect, it } from 'vitest';
import { refusals, withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

const MALFORMED = [
  '',
  'x',
  '0',
  '018f0000-0000-7000-8000-00000000dea',
  '018f0000-0000-7000-8000-00000000deadd',
  '{018f0000-0000-7000-8000-00000000dead}',
  '018f000000007000800000000000dead',
  'gggggggg-gggg-7ggg-8ggg-gggggggggggg',
  "' OR 1=1 --",
];
const TYPES =
  'organization user team scopeType scope role permission form workflow agent app config membership'.split(
    ' ',
  );

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const manager = await world.user(a, 'manager');
  await world.hold(manager, SYSTEM.Viewer, a);
  const project = await world.scope(a, 'project', 'Project', { externalId: 'jira-1' });
  const b = await world.organization('B');
  await world.scope(b, 'project of B', 'Project', { externalId: 'jira-1' });
  await world.scope(b, 'only in B', 'Project', { externalId: 'jira-2' });
  const team = await world.team(a, manager, [manager, await world.user(a, 'another')]);
  const role = await world.role(project, ['form:read'], { name: 'x' });
  await world.hold({ team }, role, project);
  return {
    ...{ a, b, manager, project, team, role },
    form: await world.row('form', a, 'form'),
    config: await world.row('config', PLATFORM, 'config'),
    foreign: await world.row('form', b, 'foreign'),
    nobody: await world.user(a, 'nobody'),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
  };
});
const ask = (source: string, variables = {}) =>
  shared.ask(shared.w.manager.email, source, variables);

describe('node and nodes', () => {
  it('10.8, D14: take the same statements for a hidden row as for none', async () => {
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { foreign, nobody } = shared.w;
    const sent = (ids: string[]) =>
      shared.statements(async () => {
        const { data } = await shared.ask(nobody.email, source, { ids });
        expect(data.nodes).toEqual(ids.map(() => null));
      });
    const absent = '0190a000-0000-7000-8000-000000000000';
    // Who asks is read by the first request of theirs.
    await sent([absent]);
    const none = (await sent([absent])).sort();
    expect((await sent([foreign.id])).sort()).toEqual(none);
    expect((await sent([foreign.id, absent])).length).toBe(none.length);
  });

  it('find whatever it is, of every type', async () => {
    const { a, manager, project, team, role, form, config } = shared.w;
    const [type, permission] = await Promise.all([
      shared.world.client.scopeType.findFirstOrThrow({ where: { name: 'Project' } }),
      shared.world.client.permission.findFirstOrThrow(),
    ]);
    const expected = [
      [a, 'Organization'],
      [manager, 'User'],
      [team, 'Team'],
      [type, 'ScopeType'],
      [project, 'Scope'],
      [role, 'Role'],
      [permission, 'Permission'],
      [form, 'Form'],
      [config, 'Config'],
    ] as const;
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
    const { data } = await ask(source, { ids: expected.map(([{ id }]) => id) });
    expect(data.nodes).toEqual(expected.map(([{ id }, __typename]) => ({ __typename, id })));
    for (const [{ id }, __typename] of expected) {
      const one = await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
      expect(one.data.node).toEqual({ __typename, id });
    }
  });

  it('answer in the order asked for, repeated ids repeatedly, and null for what is not there', async () => {
    const { form, config, manager } = shared.w;
    const absent = '018f0000-0000-7000-8000-00000000dead';
    const ids = [config.id, 'x', form.id, absent, config.id.toUpperCase(), manager.id, form.id];
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { data, errors } = await ask(source, { ids });
    expect(errors).toEqual([]);
    const one = (id: string) => ({ id });
    const found = [one(config.id), null, one(form.id), null, one(config.id), one(manager.id)];
    expect(data.nodes).toEqual([...found, one(form.id)]);
    expect((await ask(source, { ids: [] })).data.nodes).toEqual([]);
  });

  it('take at most 200 ids', async () => {
    const ids = (length: number) => Array.from({ length }, () => shared.w.form.id);
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    expect((await ask(source, { ids: ids(200) })).data.nodes).toHaveLength(200);
    expect(refusals((await ask(source, { ids: ids(201) })).errors)).toEqual([
      'BAD_USER_INPUT nodes',
    ]);
  });

  it.each(MALFORMED)('a malformed id such as %j is that of nothing', async (id) => {
    const source = `query ($id: ID!) { node(id: $id) { id } ${TYPES.map((type) => `${type}(id: $id) { id }`).join(' ')} }`;
    const { data, errors } = await ask(source, { id });
    expect(errors).toEqual([]);
    expect(data).toEqual(Object.fromEntries(['node', ...TYPES].map((field) => [field, null])));
  });
});

describe('scopeByExternalId', () => {
  const source = 'query ($id: String!) { scopeByExternalId(externalId: $id) { id name } }';

  it('finds a scope of the organization acted in, and of no other', async () => {
    const { project, b, admin } = shared.w;
    const { data } = await ask(source, { id: 'jira-1' });
    expect(data.scopeByExternalId).toEqual({ id: project.id, name: 'project' });
    expect((await ask(source, { id: 'jira-2' })).data.scopeByExternalId).toBeNull();
    const there = await shared.ask(
      admin.email,
      source,
      { id: 'jira-1' },
      { 'x-heimdall-scope': b.id },
    );
    expect(there.data.scopeByExternalId.name).toBe('project of B');
  });

  it('compares exactly, and is null for who may not read the scope', async () => {
    for (const id of ['JIRA-1', 'jira-', 'jira_1', '%', '']) {
      expect((await ask(source, { id })).data.scopeByExternalId).toBeNull();
    }
    const { data, errors } = await shared.ask(shared.w.nobody.email, source, { id: 'jira-1' });
    expect(data.scopeByExternalId).toBeNull();
    expect(errors).toEqual([]);
  });

  it('has nothing in the global tier', async () => {
    const global = '{ scopeByExternalId(externalId: "jira-1", scope: null) { id } }';
    expect((await ask(global)).data.scopeByExternalId).toBeNull();
  });
});

describe('relations', () => {
  it('a team has members, a role has holders, permissions and a place', async () => {
    const { team, role, project, admin } = shared.w;
    const source = /* GraphQL */ `
      query ($team: ID!, $role: ID!) {
        team(id: $team) {
          members { edges { node { name } } }
          organization { name }
          createdBy { name }
        }
        role(id: $role) {
          definedAt { id }
          permissions { edges { node { key } } }
          holders { edges { node { user { id } team { id } scope { id } roles { edges { node { id } } } } } }
        }
      }
    `;
    const expected = {
      team: {
        members: [{ name: 'another' }, { name: 'manager' }],
        organization: { name: 'A' },
        createdBy: { name: 'manager' },
      },
      role: {
        definedAt: { id: project.id },
        permissions: [{ key: 'form:read:*' }],
        holders: [
          {
            user: null,
            team: { id: team.id },
            scope: { id: project.id },
            roles: [{ id: role.id }],
          },
        ],
      },
    };
    for (const who of [shared.w.manager, admin]) {
      const answer = await shared.ask(who.email, source, { team: team.id, role: role.id });
      expect(answer.errors).toEqual([]);
      expect(withoutPages(answer.data)).toEqual(expected);
    }
    const denied = await shared.ask(shared.w.nobody.email, source, {
      team: team.id,
      role: role.id,
    });
    expect(denied).toMatchObject({ data: { team: null, role: null }, errors: [] });
  });
});

describe('viewer', () => {
  const source = /* GraphQL */ `
    {
      viewer {
        principal { kind label userId organizationId }
        organization { name }
        roles
        isPlatformAdmin
        viewer: hasRole(name: "Viewer")
        x: hasRole(name: "x")
        lowerCase: hasRole(name: "viewer")
      }
    }
  `;

  it('says who acts, and what they hold, by themselves or by a team', async () => {
    const { manager, a } = shared.w;
    const { data } = await ask(source);
    expect(data.viewer).toEqual({
      principal: {
        kind: 'USER',
        label: `user:${manager.id}`,
        userId: manager.id,
        organizationId: a.id,
      },
      organization: { name: 'A' },
      roles: ['Viewer', 'x'],
      isPlatformAdmin: false,
      ...{ viewer: true, x: true, lowerCase: false },
    });
  });

  it('says so to whoever may read nothing else', async () => {
    const { data, errors } = await shared.ask(shared.w.nobody.email, source);
    expect(errors).toEqual([]);
    const own = { organization: { name: 'A' }, roles: [], viewer: false };
    expect(data.viewer).toMatchObject(own);
  });
});
