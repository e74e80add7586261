import { describe, expect, it } from 'vitest';
import { CHANGED, subscribe } from '../support/events.js';
import { gatewayWith, tokenOf } from '../support/gateway.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const provider = await world.organization('P', { isProvider: true });
  const form = await world.row('form', b, 'form');
  const own = await world.row('form', provider, 'own');
  const global = await world.row('form', PLATFORM, 'global');
  const app = await world.row('app', b, 'app');
  const support = await world.user(provider, 'support');
  await world.hold(support, SYSTEM.Member, provider);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const inspector = await world.user(a, 'inspector', { isPlatformAdmin: true });
  const member = await world.user(b, 'member');
  const owner = await world.user(b, 'owner');
  await world.hold(owner, SYSTEM.Owner, b);
  return { a, b, provider, form, own, global, app, support, admin, inspector, member, owner };
});
const { ask } = shared;

const ABSENT = '00000000-0000-7000-8000-00000000dead';

const entries = () =>
  shared.world.client.auditEntry.findMany({
    where: { action: 'organization:actIn' },
    orderBy: { id: 'asc' },
  });

/** What is recorded meanwhile of acting in other organizations. */
async function recorded(work: () => Promise<unknown>) {
  const before = (await entries()).length;
  await work();
  return (await entries()).slice(before);
}

const LIST = 'query ($scope: ID) { forms(scope: $scope) { totalCount } }';
const variables = () => ({ scope: shared.w.b.id });
const credentialOf = async ({ email }: { readonly email: string }) => ({
  authorization: `Bearer ${await tokenOf(email)}`,
});

describe('D19: a request that acts in another organization is an entry there', () => {
  it('says who, where, and by which right', async () => {
    const { support, b } = shared.w;
    const found = await recorded(() => ask(support.email, LIST, variables()));
    expect(found).toMatchObject([
      {
        ...{ organizationId: b.id, actingOrganizationId: b.id, isSwitched: true },
        ...{ actorKind: 'USER', actorUserId: support.id, bypass: 'PROVIDER' },
        ...{ resourceType: 'organization', resourceId: b.id },
        ...{ outcome: 'PERMITTED', before: null, after: null },
      },
    ]);
    expect(found[0]?.requestId).toMatch(/^[\w-]+$/);
  });

  it.each<[string, string, (w: typeof shared.w) => object, (w: typeof shared.w) => object]>([
    [
      'by the header',
      '{ forms { totalCount } }',
      () => ({}),
      ({ b }) => ({ 'x-heimdall-scope': b.id }),
    ],
    ['by a scope of it', LIST, ({ b }) => ({ scope: b.id }), () => ({})],
    [
      'by the id of a row',
      'query ($id: ID!) { form(id: $id) { name } }',
      ({ form }) => ({ id: form.id }),
      () => ({}),
    ],
    [
      'by a node',
      'query ($id: ID!) { node(id: $id) { id } }',
      ({ form }) => ({ id: form.id }),
      () => ({}),
    ],
    [
      'by nodes',
      'query ($id: ID!) { nodes(ids: [$id]) { id } }',
      ({ app }) => ({ id: app.id }),
      () => ({}),
    ],
    [
      'by the id of the organization',
      'query ($id: ID!) { organization(id: $id) { name } }',
      ({ b }) => ({ id: b.id }),
      () => ({}),
    ],
    [
      'by an entity',
      'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
      ({ form }) => ({ of: [{ __typename: 'Form', id: form.id }] }),
      () => ({}),
    ],
    [
      'by an entity of a natural key',
      'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
      ({ b }) => ({ of: [{ __typename: 'App', scope: { id: b.scopeId }, slug: 'app' }] }),
      () => ({}),
    ],
    [
      'by a decision about a row',
      'query ($id: ID!) { check(action: "read", resourceType: "form", resourceId: $id) { allowed } }',
      ({ form }) => ({ id: form.id }),
      () => ({}),
    ],
  ])('%s', async (_, source, of, headers) => {
    const { w } = shared;
    for (const who of [w.support, w.admin]) {
      let isTold = false;
      const found = await recorded(async () => {
        const { data, errors } = await ask(who.email, source, { ...of(w) }, { ...headers(w) });
        expect(errors).toEqual([]);
        isTold = !/null/.test(JSON.stringify(data));
      });
      // Of what may not be read nothing is told, and so nobody was there.
      expect(isTold || who === w.support).toBe(true);
      expect(found).toMatchObject(isTold ? [{ organizationId: w.b.id, actorUserId: who.id }] : []);
    }
  });

  it('once a request, however often it is named', async () => {
    const { admin, b, form } = shared.w;
    const source = `query ($scope: ID, $id: ID!) {
      a: forms(scope: $scope) { totalCount } b: workflows(scope: $scope) { totalCount } form(id: $id) { name }
    }`;
    const asked = { scope: b.id, id: form.id };
    expect(await recorded(() => ask(admin.email, source, asked))).toHaveLength(1);
    // By statements that are kept as well.
    for (const _ of [1, 2]) {
      expect(await recorded(() => ask(admin.email, LIST, variables()))).toHaveLength(1);
    }
  });

  it('of all at once is one of the platform', async () => {
    const { admin } = shared.w;
    const found = await recorded(() =>
      ask(admin.email, '{ forms(acrossOrganizations: true) { totalCount } }'),
    );
    expect(found).toMatchObject([
      { organizationId: null, isSwitched: true, bypass: 'PLATFORM_ADMIN', resourceId: null },
    ]);
  });

  it('is the one who sees as somebody else where it is them', async () => {
    const { inspector, admin, b } = shared.w;
    const found = await recorded(() =>
      ask(inspector.email, LIST, variables(), { 'x-heimdall-view-as': admin.id }),
    );
    expect(found).toMatchObject([{ organizationId: b.id, actorUserId: inspector.id }]);
  });

  it('is one of a mutation that only reads, and not of one with an entry of its own', async () => {
    const { admin, app, b } = shared.w;
    const launch = 'mutation ($app: ID!) { launchApp(input: { id: $app }) { bundle } }';
    const launched = await recorded(async () => {
      const { errors } = await ask(
        admin.email,
        launch,
        { app: app.id },
        { 'x-heimdall-scope': b.id },
      );
      expect(errors).toEqual([]);
    });
    expect(launched).toMatchObject([{ organizationId: b.id, actorUserId: admin.id }]);
    const create = 'mutation { createForm(input: { name: "made" }) { form { name } } }';
    const refused = `mutation { deleteForm(input: { id: "${ABSENT}" }) { deletedId } }`;
    for (const [source, code] of [[create], [refused, 'NOT_FOUND']] as const) {
      const found = await recorded(async () => {
        const { errors } = await ask(admin.email, source, {}, { 'x-heimdall-scope': b.id });
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(code ? [code] : []);
      });
      expect(found).toEqual([]);
    }
  });

  it('is one of a subscription as well', async () => {
    const { support, b } = shared.w;
    const found = await recorded(async () => {
      const credential = await credentialOf(support);
      const stream = await subscribe(
        shared.url,
        { ...credential, 'x-heimdall-scope': b.id },
        { query: CHANGED, variables: {} },
      );
      await stream.event();
      await stream.close();
    });
    expect(found).toMatchObject([{ organizationId: b.id, actorUserId: support.id }]);
  });

  it('is one of an AuthZEN decision as well', async () => {
    const { support, b, form } = shared.w;
    const found = await recorded(async () => {
      const response = await fetch(`${shared.url}/access/v1/evaluation`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(await credentialOf(support)),
        },
        body: JSON.stringify({
          subject: { type: 'user', id: support.id },
          action: { name: 'read' },
          resource: { type: 'form', id: form.id },
        }),
      });
      expect(response.status).toBe(200);
    });
    expect(found).toMatchObject([{ organizationId: b.id }]);
  });

  it('is not of what is asked at home, of what is global, or of what there is not', async () => {
    const { support, admin, member, own, global, a, b, provider } = shared.w;
    const form = 'query ($id: ID!) { form(id: $id) { name } }';
    expect(
      await recorded(async () => {
        await ask(support.email, '{ forms { edges { node { organization { id } } } } }');
        await ask(support.email, LIST, { scope: provider.id });
        await ask(support.email, LIST, { scope: null });
        for (const id of [own.id, global.id, ABSENT]) await ask(support.email, form, { id });
        await ask(admin.email, LIST, { scope: a.id });
        // Refused: nobody acts there.
        await ask(member.email, LIST, { scope: a.id });
        await ask(member.email, LIST, { scope: b.id });
      }),
    ).toEqual([]);
  });

  it('is read by who reads the record there, and not by who acted', async () => {
    const { support, owner, b } = shared.w;
    await ask(support.email, LIST, variables());
    const source =
      '{ auditEntries(where: { action: { eq: "organization:actIn" } }, first: 1) { edges { node { actorLabel isSwitched organization { id } } } } }';
    const { data } = await ask(owner.email, source);
    expect(data.auditEntries.edges).toMatchObject([
      { node: { isSwitched: true, organization: { id: b.id } } },
    ]);
    expect((await ask(support.email, source)).data.auditEntries.edges).toEqual([]);
  });

  it('is written, or nothing is answered', async () => {
    const { support, own } = shared.w;
    const { client } = shared.world;
    await client.$executeRawUnsafe(`
      CREATE FUNCTION refuse_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room' USING ERRCODE = '53100'; END $$`);
    await client.$executeRawUnsafe(
      'CREATE TRIGGER refuse_entries BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_entries()',
    );
    try {
      const { status, data, errors } = await ask(support.email, LIST, variables());
      expect({ status, data }).toEqual({ status: 503, data: null });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
      const at = await ask(support.email, 'query ($id: ID!) { form(id: $id) { name } }', {
        id: own.id,
      });
      expect(at.data.form.name).toBe('own');
    } finally {
      await client.$executeRawUnsafe('DROP TRIGGER refuse_entries ON audit_entry');
    }
  });
});
