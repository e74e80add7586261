import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { subscribe } from '../support/events.js';
import { ISSUER, tokenOf } from '../support/gateway.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { SYSTEM, World } from '../support/world.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

let database: Database;
let world: World;
let here: GatewayProcess;
let there: GatewayProcess;

beforeAll(async () => {
  if (!onServer) return;
  database = await freshDatabase();
  world = new World(database.client, ISSUER);
  const url = await urlOf(database);
  [here, there] = await Promise.all([startGatewayProcess(url), startGatewayProcess(url)]);
});
afterAll(async () => {
  await Promise.all([here?.stop(), there?.stop()]);
  await database?.close();
});

/** A site with a crew and a plan; its owner, and whoever a foreman is there. */
async function plant() {
  const a = await world.organization('A');
  const type = await world.scopeType(a, 'MERGE');
  const [north, south] = [await world.scope(a, 'north', type), await world.scope(a, 'south', type)];
  const crew = await world.scope(north, 'crew', type);
  // Who flips a mode back lets in what nobody but the platform's admins holds there (D21).
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const foreman = await world.user(a, 'foreman');
  await world.hold(foreman, SYSTEM.Viewer, north);
  const plan = await world.row('form', crew, 'plan', { access: 'ROLE_BASED' });
  const sees = async (gateway: GatewayProcess): Promise<boolean> => {
    const query = 'query ($id: ID!) { form(id: $id) { id } forms { totalCount } }';
    const { data } = await gateway.ask(foreman.email, query, { id: plan.id });
    // A list and a check agree, always.
    expect(data.forms.totalCount).toBe(data.form === null ? 0 : 1);
    return data.form !== null;
  };
  const change = async (name: string, input: object): Promise<void> => {
    const type$ = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type$}!) { ${name}(input: $input) { __typename } }`;
    const { errors } = await here.ask(admin.email, query, { input });
    expect(errors).toBeUndefined();
  };
  return { a, type, north, south, crew, foreman, sees, change };
}

describe.runIf(onServer)(
  'what one gateway changes acts on the very next request of another',
  () => {
    it('a role that is given and taken away', async () => {
      const { south, foreman, crew, sees, change } = await plant();
      expect([await sees(here), await sees(there)]).toEqual([true, true]);
      const [membership] = await world.client.membership.findMany({
        where: { userId: foreman.id },
      });
      await change('unassignRoles', { id: membership?.id, roles: [SYSTEM.Viewer.id] });
      expect(await sees(there)).toBe(false);
      await change('createMembership', {
        scope: crew.id,
        user: foreman.id,
        roles: [SYSTEM.Viewer.id],
      });
      expect(await sees(there)).toBe(true);
      expect(south.id).not.toBe(crew.id);
    });

    it('a mode that is flipped', async () => {
      const { type, sees, change } = await plant();
      expect(await sees(there)).toBe(true);
      await change('updateScopeType', { id: type.id, permissionMode: 'DEFINE' });
      expect(await sees(there)).toBe(false);
      await change('updateScopeType', { id: type.id, permissionMode: 'MERGE' });
      expect(await sees(there)).toBe(true);
    });

    it('a subtree that is moved', async () => {
      const { crew, north, south, sees, change } = await plant();
      expect(await sees(there)).toBe(true);
      await change('moveScope', { id: crew.id, parent: south.id });
      expect(await sees(there)).toBe(false);
      await change('moveScope', { id: crew.id, parent: north.id });
      expect(await sees(there)).toBe(true);
    });

    it('a permission that is switched off where it is inherited', async () => {
      const { crew, sees, change } = await plant();
      const where = { key: 'form:read:*', organizationId: null };
      const permission = await world.client.permission.findFirstOrThrow({ where });
      const override = { scope: crew.id, permission: permission.id, state: 'DISABLED' };
      await change('setScopeOverride', override);
      expect(await sees(there)).toBe(false);
    });
  },
);

describe.runIf(onServer)('subscriptions of two gateways', () => {
  it('tell what the other one wrote, and are gone on with there when one is killed', async () => {
    const url = await urlOf(database);
    // Heard, and not looked for: nothing is looked for in a minute.
    const settings = { HEIMDALL_MAX_SUBSCRIPTIONS: '10', HEIMDALL_SUBSCRIPTIONS_MS: '60000' };
    const [one, other] = await Promise.all([
      startGatewayProcess(url, settings),
      startGatewayProcess(url, settings),
    ]);
    onTestFinished(async () => {
      await Promise.all([one.stop(), other.stop()]);
    });
    const a = await world.organization('of subscribers');
    const { email } = await world.manager(a, ['form:read', 'form:create']);
    const headers = { authorization: `Bearer ${await tokenOf(email)}` };
    const create = async (at: GatewayProcess, name: string): Promise<string> => {
      const query =
        'mutation ($name: String!) { createForm(input: { name: $name }) { form { id } } }';
      return (await at.ask(email, query, { name })).data.createForm.form.id;
    };
    const variables = { types: ['form'] };
    const stream = await subscribe(one.url, headers, { variables });
    await stream.event();
    const first = await create(other, 'first');
    const event = await stream.event();
    expect(event).toMatchObject({ kind: 'CREATED', id: first });
    await one.kill();
    await expect(stream.next()).rejects.toThrow();
    const missed = await create(other, 'missed');
    const after = { ...variables, after: event.cursor };
    const again = await subscribe(other.url, headers, { variables: after });
    expect(await again.event()).toMatchObject({ kind: 'CREATED', id: missed });
    const next = await create(other, 'next');
    expect(await again.event()).toMatchObject({ kind: 'CREATED', id: next });
  }, 60_000);
});
