import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const ABSENT = '01930000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'project');
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const [mate, loner] = [await world.user(a, 'mate'), await world.user(a, 'loner')];
  const team = await world.team(a, owner, [mate]);
  const editors = await world.role(a, ['form:read', 'form:update', 'form:create'], {
    name: 'editors',
  });
  await world.hold({ team }, editors, project);
  const shares = await world.role(a, ['config:read', 'config:update', 'config:create'], {
    dataAccess: 'TEAM_DATA',
  });
  await world.hold({ team }, shares, a);
  // What the mate holds besides is not the team's.
  await world.hold(mate, await world.role(a, ['form:read', 'form:delete']), a);
  const closed = { access: 'ROLE_BASED' };
  const forms = {
    inside: await world.row('form', project, 'inside', closed),
    outside: await world.row('form', a, 'outside', closed),
    bound: await world.row('form', project, 'bound', { ...closed, roles: [editors] }),
    open: await world.row('form', a, 'open'),
  };
  const configs = {
    mates: await world.row('config', a, 'mates', { owner: mate }),
    teams: await world.row('config', a, 'teams', { team }),
    loners: await world.row('config', a, 'loners', { owner: loner }),
  };
  const reader = await world.manager(a, ['team:read', 'form:read']);
  const provider = await world.organization('Provider', { isProvider: true });
  const theirs = await world.user(provider, 'theirs');
  await world.hold(theirs, SYSTEM.Owner, provider);
  const providers = await world.team(provider, theirs, [theirs]);
  await world.hold({ team: providers }, SYSTEM.Owner, provider);
  const admin = await world.user(b, 'admin', { isPlatformAdmin: true });
  return { a, b, project, owner, mate, team, editors, forms, configs, reader, providers, admin };
});

const CHECK = /* GraphQL */ `
  query ($action: String!, $type: String!, $id: ID, $scope: ID, $subject: SubjectInput) {
    check(action: $action, resourceType: $type, resourceId: $id, scope: $scope, subject: $subject) {
      answer reason
    }
  }
`;

async function check(who: Person, action: string, type: string, id: string, subject: object) {
  const { data, errors } = await shared.ask(who.email, CHECK, { action, type, id, subject });
  return errors[0]?.extensions.code ?? data.check.answer;
}

const LIST = /* GraphQL */ `
  query ($action: String!, $type: String!, $subject: SubjectInput) {
    accessibleResources(action: $action, resourceType: $type, subject: $subject, first: 50) {
      totalCount edges { node { id } }
    }
  }
`;

async function listed(who: Person, action: string, type: string, subject: object) {
  const { data, errors } = await shared.ask(who.email, LIST, { action, type, subject });
  expect(errors).toEqual([]);
  const ids = data.accessibleResources.edges.map(({ node }: { node: Identified }) => node.id);
  expect(data.accessibleResources.totalCount).toBe(ids.length);
  return ids.sort();
}

describe('D42: a team, of which is asked what it permits', () => {
  it('holds what its memberships carry, and nothing of its members', async () => {
    const { owner, team, forms, configs } = shared.w;
    const subject = { teamId: team.id };
    const expected: [string, string, Record<string, Identified>, string[]][] = [
      ['read', 'form', forms, ['inside', 'bound']],
      ['update', 'form', forms, ['inside', 'bound']],
      ['delete', 'form', forms, []],
      // AUTHENTICATED takes a user (D6), and there is none.
      ['use', 'form', forms, ['bound']],
      // What is the team's or a member's (D7).
      ['update', 'config', configs, ['mates', 'teams']],
    ];
    for (const [action, type, rows, names] of expected) {
      const found: string[] = [];
      for (const [name, { id }] of Object.entries(rows)) {
        if ((await check(owner, action, type, id, subject)) === 'YES') found.push(name);
      }
      expect([action, type, found.sort()]).toEqual([action, type, names.sort()]);
      const ids = names.map((name) => rows[name]?.id).sort();
      expect(await listed(owner, action, type, subject)).toEqual(ids);
    }
  });

  it('makes what is the team’s', async () => {
    const { owner, team, a, project } = shared.w;
    const ask = async (type: string, scope: Identified) => {
      const subject = { teamId: team.id };
      const args = { action: 'create', type, scope: scope.id, subject };
      return (await shared.ask(owner.email, CHECK, args)).data.check.answer;
    };
    expect(await ask('form', project)).toBe('YES');
    expect(await ask('form', a)).toBe('NO');
    expect(await ask('config', a)).toBe('YES');
  });

  it('says through which roles, and what would permit more', async () => {
    const { owner, team, project, forms } = shared.w;
    const { data, errors } = await shared.ask(
      owner.email,
      `query ($scope: ID!, $form: ID!, $subject: SubjectInput!) {
        effectivePermissions(scope: $scope, subject: $subject) {
          isPlatformAdmin permissions { resourceType action through { role { name } inherited } }
        }
        explainAccess(action: "delete", resourceType: "form", resourceId: $form, subject: $subject) {
          decision { answer }
          nearestMisses { changes { change } }
        }
      }`,
      { scope: project.id, form: forms.inside.id, subject: { teamId: team.id } },
    );
    expect(errors).toEqual([]);
    const { isPlatformAdmin, permissions } = data.effectivePermissions;
    expect(isPlatformAdmin).toBe(false);
    expect(permissions).toContainEqual({
      resourceType: 'form',
      action: 'update',
      through: [{ role: { name: 'editors' }, inherited: false }],
    });
    expect(permissions.map(({ action }: { action: string }) => action)).not.toContain('delete');
    expect(data.explainAccess.decision).toEqual({ answer: 'NO' });
    expect(data.explainAccess.nearestMisses).toContainEqual({
      changes: [{ change: 'ASSIGN_ROLE' }],
    });
  });

  it('has nobody’s bypass: a provider’s team acts at home', async () => {
    const { admin, providers, forms } = shared.w;
    const subject = { teamId: providers.id };
    expect(await check(admin, 'read', 'form', forms.open.id, subject)).toBe('NO');
  });

  it('D14: is asked about by who may read it and inspects there', async () => {
    const { owner, reader, mate, team, providers, forms } = shared.w;
    const { id } = forms.inside;
    const subject = { teamId: team.id };
    expect(await check(reader, 'read', 'form', id, subject)).toBe('FORBIDDEN');
    for (const teamId of [ABSENT, providers.id, mate.id, 'x']) {
      expect(await check(owner, 'read', 'form', id, { teamId })).toBe('UNKNOWN');
    }
    // The id of a team is no user's.
    expect(await check(owner, 'read', 'form', id, { userId: team.id })).toBe('UNKNOWN');
    for (const both of [{}, { userId: mate.id, teamId: team.id }]) {
      expect(await check(owner, 'read', 'form', id, both)).toBe('BAD_USER_INPUT');
    }
  });

  it('D18: permits nothing while its organization is not active', async () => {
    const { admin, a, team, forms } = shared.w;
    const { client } = shared.world;
    const subject = { teamId: team.id };
    expect(await check(admin, 'read', 'form', forms.inside.id, subject)).toBe('YES');
    await client.organization.update({ where: { id: a.id }, data: { isActive: false } });
    expect(await check(admin, 'read', 'form', forms.inside.id, subject)).toBe('NO');
    await client.organization.update({ where: { id: a.id }, data: { isActive: true } });
  });
});
