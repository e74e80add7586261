import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import type { Person } from '../support/world.js';

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const wall = await world.scopeType(a, 'DEFINE');
    await world.client.scopeType.update({ where: { id: wall.id }, data: { name: 'Vault' } });
    const sees = await world.manager(a, ['scope:read', 'scopeType:read', 'organization:read']);
    const blind = await world.manager(a, ['scope:read']);
    const named = await world.scope(a, 'named', 'Project', { externalId: 'x1' });
    const external = await world.scope(named, null, 'Environment', { externalId: 'x2' });
    const walled = await world.scope(a, null, wall);
    const hidden = await world.scope(walled, 'hidden', wall);
    await world.scope(hidden, 'deeper', wall);
    return { a, sees, blind, named, external, walled };
  },
  { pageSize: 3 },
);

const displayName = async (who: Person, id: string) => {
  const { data } = await shared.ask(
    who.email,
    'query ($id: ID!) { scope(id: $id) { displayName } }',
    {
      id,
    },
  );
  return data.scope.displayName;
};

describe('a scope’s display name', () => {
  it('is its own, else what is known of it', async () => {
    const { a, sees, named, external, walled } = shared.w;
    expect(await displayName(sees, named.id)).toBe('named');
    expect(await displayName(sees, external.id)).toBe('x2');
    expect(await displayName(sees, a.scopeId)).toBe('A');
    expect(await displayName(sees, walled.id)).toBe('Vault');
  });

  it('D14: tells nothing that may not be read, and is never nothing', async () => {
    const { a, blind, walled } = shared.w;
    expect(await displayName(blind, a.scopeId)).toBe('unnamed');
    expect(await displayName(blind, walled.id)).toBe('unnamed');
  });
});

describe('a scope’s descendants', () => {
  const below = async (who: Person, id: string, args = '') => {
    const { data, errors } = await shared.ask(
      who.email,
      `query ($id: ID!) { scope(id: $id) { descendants${args} { totalCount edges { node { displayName } } } } }`,
      { id },
    );
    if (errors[0] !== undefined) return errors[0].message;
    const { totalCount, edges } = data.scope.descendants;
    return {
      totalCount,
      names: edges.map(({ node }: { node: { displayName: string } }) => node.displayName),
    };
  };

  it('are those at any depth, of those that may be read', async () => {
    const { a, sees, named } = shared.w;
    expect(await below(sees, named.id)).toEqual({ totalCount: 1, names: ['x2'] });
    expect(await below(sees, a.scopeId, '(orderBy: [{ field: NAME }])')).toEqual({
      totalCount: 3,
      names: ['named', expect.any(String), expect.any(String)],
    });
  });

  it('a page of them, filtered as any list', async () => {
    const { a, sees } = shared.w;
    expect(
      await below(sees, a.scopeId, '(first: 1, where: { externalId: { isNull: false } })'),
    ).toMatchObject({ totalCount: 2, names: [expect.any(String)] });
  });

  it('of as many scopes at once as a page has', async () => {
    const { data, errors } = await shared.ask(
      shared.w.sees.email,
      '{ scopes(first: 4) { edges { node { descendants { totalCount } } } } }',
    );
    expect(data.scopes).toBeNull();
    expect(errors[0]?.message).toBe('this is answered for at most 3 rows at once');
  });
});
