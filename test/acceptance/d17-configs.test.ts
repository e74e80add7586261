import { describe, expect, it } from 'vitest';
import { nodesOf, refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

const CIPHERTEXT = 'sealed-envelope-that-nobody-may-see';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const member = await world.user(a, 'member');
  await world.hold(member, SYSTEM.Member, a);
  const maker = await world.user(a, 'maker');
  const rows = {
    secret: await world.secret(a, 'secret', CIPHERTEXT),
    text: await world.row('config', a, 'text', { by: maker, owner: maker }),
    number: await world.row('config', a, 'number', { more: { type: 'NUMBER', value: 4.2 } }),
    json: await world.row('config', a, 'json', { more: { type: 'JSON', value: { a: [1, null] } } }),
    final: await world.row('config', PLATFORM, 'final', { more: { isFinal: true } }),
    project: await world.row('config', project, 'of the project'),
  };
  return {
    ...{ a, rows, member, maker },
    reader: await world.manager(a, ['config:read']),
    writer: await world.manager(a, ['config:update', 'config:create', 'config:delete']),
    atProject: await world.manager(a, ['config:read'], { at: project }),
    revealer: await world.manager(a, ['config:read', 'config:reveal']),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
  };
});
type Who = 'member' | 'maker' | 'reader' | 'writer' | 'atProject' | 'revealer' | 'admin';
const ask = (who: Who, source: string, variables = {}) =>
  shared.ask(shared.w[who].email, source, variables);

describe('D17: a config has no access level', () => {
  const LIST = '{ configs { totalCount edges { node { key value type isFinal } } } }';

  it('it is read by config:read', async () => {
    const { data, errors } = await ask('reader', LIST);
    expect(errors).toEqual([]);
    expect(nodesOf(data.configs)).toEqual([
      { key: 'final', value: 'value of final', type: 'STRING', isFinal: true },
      { key: 'json', value: { a: [1, null] }, type: 'JSON', isFinal: false },
      { key: 'number', value: 4.2, type: 'NUMBER', isFinal: false },
      { key: 'of the project', value: 'value of of the project', type: 'STRING', isFinal: false },
      { key: 'secret', value: null, type: 'SECRET', isFinal: false },
      { key: 'text', value: 'value of text', type: 'STRING', isFinal: false },
    ]);
  });

  it.each(['member', 'maker', 'writer'] as const)('it is hidden from the %s', async (who) => {
    const { data } = await ask(who, LIST);
    expect(data.configs).toEqual({ totalCount: 0, edges: [] });
    const named = await ask(who, '{ configByKey(key: "text") { value } }');
    expect(named).toMatchObject({ data: { configByKey: null }, errors: [] });
  });

  it('a grant at a project reads the configs there', async () => {
    const { data } = await ask('atProject', '{ configs { edges { node { key } } } }');
    expect(nodesOf(data.configs)).toEqual([{ key: 'of the project' }]);
  });

  it('so are the other admin surfaces', async () => {
    const source = /* GraphQL */ `
      {
        users { totalCount }
        teams { totalCount }
        roles { totalCount }
        permissions { totalCount }
        configs { totalCount }
        organizations { totalCount }
        scopes { totalCount }
        scopeTypes { totalCount }
      }
    `;
    const counts = async (who: Who) =>
      Object.entries((await ask(who, source)).data as Record<string, { totalCount: number }>)
        .filter(([, { totalCount }]) => totalCount > 0)
        .map(([field]) => field);
    expect(await counts('maker')).toEqual([]);
    expect(await counts('member')).toEqual(['organizations', 'scopes', 'scopeTypes']);
  });
});

describe('D16: a secret', () => {
  it('is null on every way to it, to whomever', async () => {
    const { id } = shared.w.rows.secret;
    const source = /* GraphQL */ `
      query ($id: ID!, $entity: _Any!) {
        config(id: $id) { ...row }
        configByKey(key: "secret") { ...row }
        node(id: $id) { ...row }
        nodes(ids: [$id]) { ...row }
        _entities(representations: [$entity]) { ...row }
        configs(where: { key: { eq: "secret" } }) { edges { node { ...row } } }
      }
      fragment row on Config { value isSecret }
    `;
    const entity = { __typename: 'Config', id, value: 'mine', ciphertext: 'mine' };
    for (const who of ['reader', 'revealer', 'admin'] as const) {
      const answer = await ask(who, source, { id, entity });
      const { config, configByKey, node, nodes, _entities, configs } = answer.data;
      const found = [config, configByKey, node, ...nodes, ..._entities, ...nodesOf(configs)];
      expect(found).toEqual(Array(6).fill({ value: null, isSecret: true }));
      expect(answer.errors).toEqual([]);
      expect(JSON.stringify(answer)).not.toContain(CIPHERTEXT);
    }
  });

  it('has no field that shows it', async () => {
    for (const field of ['ciphertext', 'secret', 'plaintext']) {
      const { errors } = await ask('admin', `{ configs { edges { node { ${field} } } } }`);
      expect(refusals(errors)).toEqual(['BAD_USER_INPUT']);
    }
    const { data } = await ask('reader', '{ configByKey(key: "text") { isSecret value } }');
    expect(data.configByKey).toEqual({ isSecret: false, value: 'value of text' });
  });
});
