import { describe, expect, it } from 'vitest';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const vault = await world.scope(b, 'vault', await world.scopeType(b, 'DEFINE'));
  const stranger = await world.user(b, 'stranger');
  const closed = { access: 'ROLE_BASED', by: stranger };
  const form = await world.row('form', vault, 'secret form', closed);
  const agent = await world.row('agent', b, 'private', { access: 'PRIVATE' });
  const config = await world.row('config', b, 'key', { by: stranger });
  await world.row('form', PLATFORM, 'n');
  await world.row('form', b, 'n', { inactive: true });
  const named = await world.user(a, 'named');
  await world.hold(named, await world.role(PLATFORM, [], { name: 'Platform Admin' }), a);
  await world.hold(named, SYSTEM.Owner, a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, b, vault, form, agent, config, named, admin, stranger };
});
const { ask } = shared;

const BY_ID = /* GraphQL */ `
  query ($form: ID!, $agent: ID!, $config: ID!, $organization: ID!) {
    form(id: $form) { canUse accessLevel createdBy { id } scope { id } }
    agent(id: $agent) { canUse instructions }
    config(id: $config) { value owner { id } }
    organization(id: $organization) { name }
  }
`;

const variables = () => {
  const { form, agent, config, b } = shared.w;
  return { form: form.id, agent: agent.id, config: config.id, organization: b.id };
};

describe('D12: a platform admin', () => {
  it('passes access level, reach and permissions in every tenant', async () => {
    const { admin, stranger, vault } = shared.w;
    const { data, errors } = await ask(admin.email, BY_ID, variables());
    expect(errors).toEqual([]);
    expect(data).toEqual({
      form: {
        canUse: true,
        accessLevel: 'ROLE_BASED',
        createdBy: { id: stranger.id },
        scope: { id: vault.id },
      },
      agent: { canUse: false, instructions: 'be private' },
      config: { value: 'value of key', owner: null },
      organization: { name: 'B' },
    });
  });

  it('acts at home unless a scope is named: it is crossed by D4', async () => {
    const { admin, b, vault } = shared.w;
    const source = 'query ($scope: ID) { forms(scope: $scope) { edges { node { name } } } }';
    const there = await ask(admin.email, source, { scope: b.id });
    expect(namesOf(there.data.forms)).toEqual(['n']);
    const home = await ask(admin.email, '{ forms { edges { node { name } } } }');
    expect(namesOf(home.data.forms)).toEqual(['n']);
    const header = { 'x-heimdall-scope': vault.id };
    const all = await ask(admin.email, '{ forms { edges { node { name } } } }', {}, header);
    expect(namesOf(all.data.forms)).toEqual(['n', 'secret form']);
  });

  it('does not pass the cascade: the nearest row is meant, though it is inactive', async () => {
    const { admin, b } = shared.w;
    const source =
      'query ($scope: ID) { formByName(name: "n", scope: $scope) { isActive organization { id } } }';
    const { data } = await ask(admin.email, source, { scope: b.id });
    expect(data.formByName).toEqual({ isActive: false, organization: { id: b.id } });
  });

  it('is one by a flag: a role of that name, and all other roles, open no other tenant', async () => {
    const { named } = shared.w;
    const viewer = await ask(named.email, '{ viewer { isPlatformAdmin roles } }');
    expect(viewer.data.viewer).toEqual({
      isPlatformAdmin: false,
      roles: ['Owner', 'Platform Admin'],
    });
    const { data, errors } = await ask(named.email, BY_ID, variables());
    expect(errors).toEqual([]);
    expect(data).toEqual({ form: null, agent: null, config: null, organization: null });
  });

  it('is one until the flag is gone, from the next request on', async () => {
    const { client } = shared.world;
    const { admin } = shared.w;
    const set = (isPlatformAdmin: boolean) =>
      client.user.update({ where: { id: admin.id }, data: { isPlatformAdmin } });
    await set(false);
    const { data } = await ask(admin.email, BY_ID, variables());
    expect(data).toEqual({ form: null, agent: null, config: null, organization: null });
    await set(true);
  });
});
