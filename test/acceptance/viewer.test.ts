import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B', { isProvider: true });
  const nobody = await world.user(a, 'Nobody');
  const staff = await world.user(b, 'Staff');
  await world.hold(staff, await world.role(b, ['organization:actIn', 'organization:read']), b);
  const odin = await world.user(b, 'Odin', { isPlatformAdmin: true });
  const owner = await world.manager(a, ['organization:read', 'user:read']);
  return { a, b, nobody, staff, odin, owner };
});

const SOURCE = /* GraphQL */ `
  {
    viewer {
      user { id name email }
      organization { id name }
      roles
    }
  }
`;

describe('issue 10, number 26: viewer says who one is', () => {
  it('to who may read neither users nor organizations', async () => {
    const { nobody, a } = shared.w;
    const { data, errors } = await shared.ask(nobody.email, SOURCE);
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({
      user: { id: nobody.id, name: 'Nobody', email: nobody.email },
      organization: { id: a.id, name: 'A' },
      roles: [],
    });
    const other = await shared.ask(
      nobody.email,
      'query ($user: ID!, $organization: ID!) { user(id: $user) { id } organization(id: $organization) { id } }',
      { user: nobody.id, organization: a.id },
    );
    expect(other).toMatchObject({ data: { user: null, organization: null }, errors: [] });
  });

  it('and no more: what needs a permission is FORBIDDEN without it', async () => {
    for (const [field, path] of [
      ['user { isActive }', 'user'],
      ['user { organization { id } }', 'user'],
      ['user { teams { totalCount } }', 'user'],
      ['organization { settings }', 'organization'],
      ['organization { users { edges { cursor } } }', 'organization'],
      ['organization { createdAt }', 'organization'],
      ['organization { domain }', 'organization'],
    ] as const) {
      const source = `{ viewer { roles ${field} } forms { edges { node { organization { domain } } } } }`;
      const { data, errors } = await shared.ask(shared.w.nobody.email, source);
      expect([field, ...errors.map(({ extensions }) => extensions.code)]).toEqual([
        field,
        'FORBIDDEN',
      ]);
      expect(errors[0]?.path?.slice(0, 2)).toEqual(['viewer', path]);
      expect(data.viewer.roles).toEqual([]);
    }
    const { data, errors } = await shared.ask(
      shared.w.owner.email,
      '{ viewer { user { isActive organization { id } } organization { settings createdAt domain } } }',
    );
    expect(errors).toEqual([]);
    expect(data.viewer.user).toEqual({ isActive: true, organization: { id: shared.w.a.id } });
  });

  it('as the same objects that are found by their ids, so that a store keeps one of each', async () => {
    const source = '{ viewer { user { __typename id } organization { __typename id } } }';
    const { nobody, a } = shared.w;
    expect((await shared.ask(nobody.email, source)).data.viewer).toEqual({
      user: { __typename: 'User', id: nobody.id },
      organization: { __typename: 'Organization', id: a.id },
    });
  });

  it.each(['owner', 'staff', 'odin'] as const)('to %s', async (who) => {
    const person = shared.w[who];
    const { data } = await shared.ask(person.email, SOURCE);
    expect(data.viewer.user).toMatchObject({ id: person.id, email: person.email });
    expect(data.viewer.organization.name).toBe(who === 'owner' ? 'A' : 'B');
  });

  it('of the own organization, wherever the request acts', async () => {
    const { staff, odin, a } = shared.w;
    for (const [who, scope] of [
      [staff, a.id],
      [odin, 'global'],
      [odin, a.id],
    ] as const) {
      const headers = { 'x-heimdall-scope': scope };
      const { data, errors } = await shared.ask(who.email, SOURCE, {}, headers);
      expect(errors).toEqual([]);
      expect(data.viewer.organization).toEqual({ id: shared.w.b.id, name: 'B' });
    }
  });

  it('and to nobody who is not signed in', async () => {
    const { data, errors } = await shared.ask(null, SOURCE);
    expect(data).toEqual({ viewer: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('in a statement each, and none where it is not asked for', async () => {
    const { nobody } = shared.w;
    const count = async (source: string) =>
      (await shared.statements(() => shared.ask(nobody.email, source))).length;
    const before = await count('{ viewer { roles } }');
    expect(await count('{ a: viewer { user { name } } b: viewer { user { id email } } }')).toBe(
      before + 1,
    );
    expect(await count(SOURCE)).toBe(before + 2);
  });
});
