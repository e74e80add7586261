import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { seenAs } from '../../src/policy/seen-as.js';
import { canActAnywhere } from '../../src/policy/situation.js';
import { refusals } from '../support/answers.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Person, SYSTEM } from '../support/world.js';

const ABSENT = '00000000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const provider = await world.organization('P', { isProvider: true });
  const x = await world.role(a, ['form:read'], { name: 'x' });
  const admin = await world.user(b, 'admin', { isPlatformAdmin: true });
  const root = await world.user(a, 'root', { isPlatformAdmin: true });
  const viewer = await world.manager(a, ['user:read', 'user:viewAs']);
  const reader = await world.manager(a, ['user:read']);
  const blind = await world.manager(a, ['user:viewAs']);
  const support = await world.manager(a, ['user:viewAs', 'user:read'], { dataAccess: 'OWN_DATA' });
  const joe = await world.user(a, 'joe');
  await world.hold(joe, x, a);
  const gone = await world.user(a, 'gone');
  await world.client.user.update({ where: { id: gone.id }, data: { isActive: false } });
  const stranger = await world.user(b, 'stranger');
  // Of the provider: one who acts anywhere, one who sees as others at home, and one who does both.
  const staff = await world.user(provider, 'staff');
  await world.hold(staff, SYSTEM.Member, provider);
  const homely = await world.manager(provider, ['user:read', 'user:viewAs']);
  const roaming = await world.manager(provider, ['user:read', 'user:viewAs', 'organization:actIn']);
  for (const at of [a, b]) {
    await world.row('form', at, 'open');
    await world.row('form', at, 'closed', {
      access: 'ROLE_BASED',
      owner: at === a ? joe : stranger,
    });
  }
  const people = {
    admin,
    root,
    viewer,
    reader,
    blind,
    support,
    joe,
    gone,
    stranger,
    staff,
    homely,
    roaming,
  };
  return { a, b, provider, ...people };
});

type Who =
  | 'admin'
  | 'root'
  | 'viewer'
  | 'reader'
  | 'blind'
  | 'support'
  | 'joe'
  | 'gone'
  | 'stranger'
  | 'staff'
  | 'homely'
  | 'roaming';

const FORMS =
  '{ viewer { principal { userId } isPlatformAdmin } forms(orderBy: { field: NAME }) { edges { node { name organization { id } } } } }';

async function see(who: Who, as: Person | { id: string }, source = FORMS, more = {}) {
  const headers = { 'x-heimdall-view-as': as.id, ...more };
  return shared.ask(shared.w[who].email, source, {}, headers);
}

const entries = () =>
  shared.world.client.auditEntry.findMany({
    where: { action: 'user:viewAs' },
    orderBy: { id: 'asc' },
  });

/** What is recorded meanwhile of seeing as somebody. */
async function recorded(work: () => Promise<unknown>) {
  const before = (await entries()).length;
  await work();
  return (await entries()).slice(before);
}

describe('D21: to see as somebody else', () => {
  it.each<[Who]>([['viewer'], ['admin']])('answers what they are answered, to %s', async (who) => {
    const { joe } = shared.w;
    const own = await shared.ask(joe.email, FORMS);
    const { viewAs, ...seen } = await see(who, joe);
    expect(seen).toEqual(own);
    expect(own.data.forms.edges).toHaveLength(2);
    expect(viewAs).toEqual({ userId: joe.id, viewerId: shared.w[who].id });
    expect(own.viewAs).toBeUndefined();
  });

  it('is a matter of the header, and not of who asks', async () => {
    const { viewer } = shared.w;
    const { data, viewAs } = await shared.ask(viewer.email, FORMS);
    expect(data.viewer.principal.userId).toBe(viewer.id);
    expect(viewAs).toBeUndefined();
  });

  it('works by an id in capitals, and by GET', async () => {
    const { joe, viewer } = shared.w;
    const expected = { userId: joe.id, viewerId: viewer.id };
    expect((await see('viewer', { id: joe.id.toUpperCase() })).viewAs).toEqual(expected);
    const { email } = viewer;
    const token = await signDevelopmentToken({
      ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, ttl: 60 },
      ...{ email, subject: developmentSubject(email) },
    });
    const response = await fetch(`${shared.url}/graphql?query=${encodeURIComponent(FORMS)}`, {
      headers: { authorization: `Bearer ${token}`, 'x-heimdall-view-as': joe.id },
    });
    expect(await response.json()).toMatchObject({ extensions: { viewAs: expected } });
  });

  it('is recorded once a request, as the viewer’s', async () => {
    const { joe, viewer, a } = shared.w;
    const made = await recorded(() =>
      see('viewer', joe, `{ one: viewer { roles } ${FORMS.slice(1)}`),
    );
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({
      actorKind: 'USER',
      actorUserId: viewer.id,
      resourceType: 'user',
      resourceId: joe.id,
      organizationId: a.id,
      actingOrganizationId: a.id,
      isSwitched: false,
      bypass: null,
      outcome: 'PERMITTED',
    });
    const [byAdmin] = await recorded(() => see('admin', joe));
    expect(byAdmin).toMatchObject({
      isSwitched: true,
      bypass: 'PLATFORM_ADMIN',
      organizationId: a.id,
    });
  });

  it('changes nothing', async () => {
    const { joe, admin, a } = shared.w;
    const owner = await shared.world.user(a, 'owner');
    await shared.world.hold(owner, SYSTEM.Owner, a);
    for (const as of [joe, owner, admin]) {
      for (const [name, input, selection] of [
        ['createForm', { name: 'seen' }, 'form { id }'],
        ['setConfig', { key: 'seen', type: 'STRING', value: 'v' }, 'config { id }'],
        ['createUser', { name: 'seen', email: 'seen@a.example' }, 'user { id }'],
      ] as const) {
        const headers = { 'x-heimdall-view-as': as.id };
        const made = await mutate(shared, admin.email, name, input, selection, headers);
        expect(made).toMatchObject({ answer: null, code: 'FORBIDDEN' });
      }
    }
    expect(await shared.world.client.form.count({ where: { name: 'seen' } })).toBe(0);
    const denied = await shared.world.client.auditEntry.findMany({
      where: { action: 'form:create', outcome: 'DENIED' },
    });
    // Whoever tried is the viewer.
    expect(denied.map(({ actorUserId }) => actorUserId)).toEqual(Array(3).fill(admin.id));
  });
});

describe('D21: nobody sees as somebody', () => {
  const attempts: readonly [string, Who, Who | { id: string }, string][] = [
    ['without the permission', 'reader', 'joe', 'FORBIDDEN'],
    ['whom they may not read', 'blind', 'joe', 'NOT_FOUND'],
    ['whom nobody may read for them', 'joe', 'viewer', 'NOT_FOUND'],
    ['of another organization', 'viewer', 'stranger', 'NOT_FOUND'],
    ['whom their reach does not cover', 'support', 'joe', 'NOT_FOUND'],
    ['who does not exist', 'viewer', { id: ABSENT }, 'NOT_FOUND'],
    ['who may not act', 'viewer', 'gone', 'CONFLICT'],
    ['by no id', 'viewer', { id: 'joe' }, 'BAD_USER_INPUT'],
    ['by nothing', 'viewer', { id: '' }, 'BAD_USER_INPUT'],
    ['by two', 'viewer', { id: `${ABSENT}, ${ABSENT}` }, 'BAD_USER_INPUT'],
  ];
  it.each(attempts)('%s', async (_why, who, as, code) => {
    const named = typeof as === 'string' ? shared.w[as] : as;
    let answer: Awaited<ReturnType<typeof see>> | undefined;
    const made = await recorded(async () => {
      answer = await see(who, named);
    });
    expect(answer?.data).toBeNull();
    expect(refusals(answer?.errors ?? [])).toEqual([code]);
    expect(answer?.viewAs).toBeUndefined();
    const isNamed = code !== 'BAD_USER_INPUT';
    expect(made).toHaveLength(isNamed ? 1 : 0);
    if (isNamed) {
      expect(made[0]).toMatchObject({
        outcome: 'DENIED',
        actorUserId: shared.w[who].id,
        resourceId: named.id,
        organizationId: shared.w.a.id,
      });
    }
  });

  it('D14: a hidden user and none are answered and recorded alike', async () => {
    const told = async (id: string) => {
      let answer: unknown;
      const [entry] = await recorded(async () => {
        answer = await see('viewer', { id });
      });
      const { id: _id, at: _at, requestId: _request, resourceId: _resource, ...rest } = entry ?? {};
      const statements = await shared.statements(() => see('viewer', { id }));
      return { answer, rest, statements: statements.length };
    };
    expect(await told(shared.w.stranger.id)).toEqual(await told(ABSENT));
  });

  it('without a credential', async () => {
    const headers = { 'x-heimdall-view-as': shared.w.joe.id };
    const { status, data } = await shared.ask(null, '{ __typename }', {}, headers);
    expect([status, data]).toEqual([401, null]);
  });

  it('any more, from the next request on, once the permission is taken', async () => {
    const { viewer, joe } = shared.w;
    const { client } = shared.world;
    const assignments = await client.roleAssignment.findMany({
      where: { membership: { userId: viewer.id } },
    });
    expect((await see('viewer', joe)).errors).toEqual([]);
    await client.roleAssignment.deleteMany({ where: { membership: { userId: viewer.id } } });
    expect(refusals((await see('viewer', joe)).errors)).toEqual(['NOT_FOUND']);
    await client.roleAssignment.createMany({ data: assignments });
  });
});

describe('D21: within the viewer’s own tenancy and flags', () => {
  const organizationsIn = (data: {
    forms: { edges: { node: { organization: { id: string } | null } }[] };
  }) => new Set(data.forms.edges.map(({ node }) => node.organization?.id));
  const EVERYWHERE = '{ forms(acrossOrganizations: true) { totalCount } }';

  it('an admin is seen as without being one, by who is none', async () => {
    const { root, a, b } = shared.w;
    const seen = await see('viewer', root);
    expect(seen.data.viewer.isPlatformAdmin).toBe(false);
    expect(organizationsIn(seen.data)).not.toContain(b.id);
    expect(refusals((await see('viewer', root, EVERYWHERE)).errors)).toEqual([
      'SCOPE_FORBIDDEN forms',
    ]);
    const byAdmin = await see('admin', root);
    expect(byAdmin.data.viewer.isPlatformAdmin).toBe(true);
    expect((await see('admin', root, EVERYWHERE)).data.forms.totalCount).toBe(4);
    const elsewhere = await see('viewer', root, FORMS, { 'x-heimdall-scope': b.id });
    expect(refusals(elsewhere.errors)).toEqual(['SCOPE_FORBIDDEN']);
    expect(a.id).not.toBe(b.id);
  });

  it('staff of a provider act elsewhere for those alone who do so themselves', async () => {
    const { staff, b } = shared.w;
    const there = { 'x-heimdall-scope': b.id };
    expect((await shared.ask(staff.email, FORMS, {}, there)).errors).toEqual([]);
    expect((await see('roaming', staff, FORMS, there)).errors).toEqual([]);
    expect((await see('admin', staff, FORMS, there)).errors).toEqual([]);
    expect(refusals((await see('homely', staff, FORMS, there)).errors)).toEqual([
      'SCOPE_FORBIDDEN',
    ]);
    expect((await see('homely', staff)).errors).toEqual([]);
  });

  // Any two principals, as far as flags and tenancy go.
  const organizations = ['0', '1', '2'].map((n) => `00000000-0000-7000-8000-00000000000${n}`);
  const principals = fc
    .record({
      organizationId: fc.constantFrom(...organizations),
      isPlatformAdmin: fc.boolean(),
      isProvider: fc.boolean(),
      actsIn: fc.boolean(),
    })
    .map(({ actsIn, ...flags }): Principal => {
      const scopeIds = [rootScopeId(flags.organizationId)];
      const actIn = { resourceType: 'organization', action: 'actIn', pattern: '*' };
      const grants = actsIn ? [{ ...actIn, dataAccess: 'ALL_DATA' as const, scopeIds }] : [];
      return { ...ANONYMOUS, kind: 'USER', ...flags, grants };
    });

  it('of whatever two: no flag that either lacks, and nowhere that either may not act', () => {
    fc.assert(
      fc.property(principals, principals, (viewed, viewer) => {
        const seen = seenAs(viewed, viewer);
        const reaches = (who: Principal, organization: string) =>
          canActAnywhere(who) || who.organizationId === organization;
        if (seen === null) {
          expect(reaches(viewer, viewed.organizationId ?? '')).toBe(false);
          return;
        }
        expect(seen.isPlatformAdmin).toBe(viewed.isPlatformAdmin && viewer.isPlatformAdmin);
        for (const organization of organizations) {
          const both = reaches(viewed, organization) && reaches(viewer, organization);
          if (reaches(seen, organization)) expect(both).toBe(true);
        }
        expect(seen.grants).toBe(viewed.grants);
      }),
    );
  });
});

describe('D8: who has the permission from the start', () => {
  let held: string[] = [];
  beforeAll(async () => {
    const roles = await shared.world.client.role.findMany({
      where: { permissions: { some: { permission: { key: 'user:viewAs:*' } } }, isSystem: true },
    });
    held = roles.map(({ name }) => name);
  });
  it('is the owner alone', () => expect(held).toEqual(['Owner']));
});
