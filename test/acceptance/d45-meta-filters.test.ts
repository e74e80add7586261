import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const METAS: Readonly<Record<string, object>> = {
  us: { region: 'us', size: 3, deep: { er: { x: true } } },
  eu: { region: 'eu', size: 3.5, tags: ['us'] },
  null: { region: null },
  list: { region: ['us'] },
  text: { region: 'US', size: '3' },
  none: {},
};

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const manager = await world.manager(a, ['scope:read', 'form:read']);
  for (const [name, meta] of Object.entries(METAS)) {
    const scope = await world.scope(a, name);
    await world.client.scope.update({ where: { id: scope.id }, data: { meta } });
    await world.row('form', scope, name);
  }
  await world.client.scope.update({ where: { id: a.scopeId }, data: { name: 'root' } });
  return { a, manager };
});

const ALL = [...Object.keys(METAS), 'root'].sort();

async function found(where: object): Promise<string[] | string> {
  const { data, errors } = await shared.ask(
    shared.w.manager.email,
    'query ($where: ScopeFilter) { scopes(where: $where) { totalCount edges { node { name } } } }',
    { where },
  );
  if (errors[0] !== undefined) return errors[0].message;
  const names = data.scopes.edges.map(({ node }: { node: { name: string } }) => node.name).sort();
  expect(data.scopes.totalCount).toBe(names.length);
  return names;
}

const CASES: readonly (readonly [object, readonly string[]])[] = [
  [{ path: ['region'], eq: 'us' }, ['us']],
  [{ path: ['region'], in: ['us', 'eu'] }, ['eu', 'us']],
  [{ path: ['region'], in: [] }, []],
  [{ path: ['region'], isNull: true }, ['none', 'null', 'root']],
  [{ path: ['region'], isNull: false, in: ['US', 3] }, ['text']],
  [{ path: ['size'], eq: 3 }, ['us']],
  [{ path: ['size'], eq: 3.5 }, ['eu']],
  [{ path: ['size'], eq: '3' }, ['text']],
  [{ path: ['deep', 'er', 'x'], eq: true }, ['us']],
  [{ path: ['deep', 'er'], isNull: true }, ALL.filter((name) => name !== 'us')],
  [{ path: ['region', 'x'], eq: 'us' }, []],
  [{ path: ["region' OR true --"], eq: 'us' }, []],
];

describe('D45: scopes are filtered by what lies at a path in their meta', () => {
  it.each(CASES)('%j, and its exact complement', async (meta, names) => {
    expect(await found({ meta })).toEqual(names);
    expect(await found({ not: { meta } })).toEqual(ALL.filter((name) => !names.includes(name)));
  });

  it('from what lives there as well', async () => {
    const { data } = await shared.ask(
      shared.w.manager.email,
      `{ forms(where: { scope: { is: { not: { meta: { path: ["region"], in: ["us", "eu"] } } } } }) {
        edges { node { name } }
      } }`,
    );
    const names = data.forms.edges.map(({ node }: { node: { name: string } }) => node.name);
    expect(names.sort()).toEqual(['list', 'none', 'null', 'text']);
  });

  it('and by nothing that is no such test', async () => {
    expect(await found({ meta: { path: [], eq: 'us' } })).toBe('a path has at least one key');
    expect(await found({ meta: { path: ['region'] } })).toBe('meta says nothing');
    const compared = 'what lies at a path is compared with text, a number, true or false';
    expect(await found({ meta: { path: ['region'], eq: { a: 1 } } })).toBe(compared);
    expect(await found({ meta: { path: ['region'], in: [['us']] } })).toBe(compared);
    expect(await found({ meta: { path: ['a\u0000'], eq: 'us' } })).toMatch(/Unicode/);
  });
});
