import { describe, expect, it } from 'vitest';
import { namesOf, refusals, withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { NAME_OF, type RowKind } from '../support/world.js';

type Kind = Exclude<RowKind, 'config'>;
const KINDS: readonly Kind[] = ['form', 'workflow', 'agent', 'app'];

const TYPES: Record<Kind, string> = {
  form: 'Form',
  workflow: 'Workflow',
  agent: 'Agent',
  app: 'App',
};

/** The management fields of each kind, as they are asked for. */
const MANAGED: Record<Kind, Record<string, string>> = (() => {
  const common = {
    accessLevel: 'accessLevel',
    roles: 'roles { name }',
    createdBy: 'createdBy { name }',
    owner: 'owner { name }',
    team: 'team { name }',
  };
  return {
    form: common,
    workflow: { ...common, endpoint: 'endpoint' },
    agent: { ...common, instructions: 'instructions' },
    app: common,
  };
})();

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const x = await world.role(a, [], { name: 'x' });
  const maker = await world.user(a, 'maker');
  const crew = await world.team(a, maker, [maker]);
  for (const kind of KINDS) {
    const options = { by: maker, owner: maker, team: crew };
    await world.row(kind, a, 'for x', { access: 'ROLE_BASED', roles: [x], ...options });
    await world.row(kind, a, 'for all', options);
  }
  await world.row('config', a, 'key', { by: maker });
  const user = await world.user(a, 'holder of x');
  await world.hold(user, x, a);
  const reads = KINDS.map((kind) => `${kind}:read`);
  const half = await world.manager(
    a,
    KINDS.map((kind) => `${kind}:read:for all`),
  );
  await world.hold(half, x, a);
  return {
    ...{ a, x, user, half },
    manager: await world.manager(a, [...reads, 'user:read', 'team:read', 'role:read']),
    narrow: await world.manager(a, [...reads, 'config:read', 'role:read:nothing']),
  };
});
type Who = 'user' | 'half' | 'manager' | 'narrow';
const ask = (who: Who, source: string) => shared.ask(shared.w[who].email, source);
const lookup = (kind: Kind) =>
  `row: ${kind === 'app' ? 'appBySlug' : `${kind}ByName`}(${NAME_OF[kind]}: "for x")`;

describe.each(KINDS)('D15: the management fields of a %s', (kind) => {
  const fields = Object.keys(MANAGED[kind]);
  const source = `{ ${lookup(kind)} { name ${Object.values(MANAGED[kind]).join(' ')} } }`;

  it('are null without an error to who may only use it, and told once (10.14)', async () => {
    const { data, errors, withheld, status } = await ask('user', source);
    expect(status).toBe(200);
    expect(data.row).toEqual({
      name: 'for x',
      ...Object.fromEntries(fields.map((field) => [field, null])),
    });
    expect(errors).toEqual([]);
    expect(withheld).toEqual(fields.map((field) => `${TYPES[kind]}.${field}`).sort());
  });

  it('are shown to who manages it', async () => {
    const { data, errors } = await ask('manager', source);
    expect(errors).toEqual([]);
    expect(data.row).toMatchObject({
      accessLevel: 'ROLE_BASED',
      roles: [{ name: 'x' }],
      createdBy: { name: 'maker' },
      owner: { name: 'maker' },
      team: { name: expect.any(String) },
      ...(kind === 'workflow' ? { endpoint: expect.stringMatching(/^https:/) } : {}),
      ...(kind === 'agent' ? { instructions: 'be for x' } : {}),
    });
  });

  it('are null and absent, without an error, where they lead to what is hidden', async () => {
    const { data, errors } = await ask('narrow', source);
    expect(errors).toEqual([]);
    expect(data.row).toMatchObject({ roles: [], createdBy: null, owner: null, team: null });
  });

  it('are decided row by row', async () => {
    const list = `{ list: ${kind}s { edges { node { name accessLevel } } } }`;
    const { data, errors, withheld } = await ask('half', list);
    expect(data.list.edges).toEqual([
      { node: { name: 'for all', accessLevel: 'AUTHENTICATED' } },
      { node: { name: 'for x', accessLevel: null } },
    ]);
    expect([errors, withheld]).toEqual([[], [`${TYPES[kind]}.accessLevel`]]);
  });

  it('are told of by canManage, row by row', async () => {
    const list = `{ list: ${kind}s { edges { node { name canManage } } } }`;
    const { data, errors, withheld } = await ask('half', list);
    expect(data.list.edges).toEqual([
      { node: { name: 'for all', canManage: true } },
      { node: { name: 'for x', canManage: false } },
    ]);
    expect([errors, withheld]).toEqual([[], []]);
  });
});

describe.each(['form', 'agent'] as const)('D15: filters of %ss on management fields', (kind) => {
  const found = async (who: Who, where: string) => {
    const source = `{ list: ${kind}s(where: ${where}) { totalCount edges { node { name } } } }`;
    const { data, errors } = await ask(who, source);
    expect(errors).toEqual([]);
    const names = namesOf(data.list);
    expect(data.list.totalCount).toBe(names.length);
    return names;
  };
  const both = ['for all', 'for x'];

  it.each([
    ['{ accessLevel: { eq: ROLE_BASED } }', ['for x']],
    ['{ accessLevel: { isNull: false } }', both],
    ['{ roles: { some: { name: { eq: "x" } } } }', ['for x']],
    ['{ roles: { none: {} } }', ['for all']],
    ['{ createdBy: { is: { name: { eq: "maker" } } } }', both],
    ['{ owner: { isNull: false } }', both],
    ['{ team: { is: {} } }', both],
  ])('%s finds rows for their managers, and none for others', async (where, names) => {
    expect(await found('manager', where)).toEqual(names);
    expect(await found('user', where)).toEqual([]);
    // Managing one of the rows, one finds that one alone, negated or not.
    const managed = names.filter((name) => name === 'for all');
    const relation = /createdBy|owner|team|roles/.test(where);
    if (!relation) expect(await found('half', where)).toEqual(managed);
  });

  it.each([
    ['{ accessLevel: { eq: ROLE_BASED } }', ['for x'], []],
    ['{ accessLevel: { isNull: false } }', both, ['for all']],
    ['{ roles: { some: {} } }', ['for x'], []],
    ['{ roles: { none: {} } }', ['for all'], ['for all']],
    ['{ createdBy: { is: { name: { eq: "maker" } } } }', both, []],
    ['{ owner: { isNull: false } }', both, []],
  ])('not %s is what it does not find, for everybody (D45)', async (where, all, half) => {
    const others = (names: readonly string[]) => both.filter((name) => !names.includes(name));
    expect(await found('manager', `{ not: ${where} }`)).toEqual(others(all));
    // A row that is not managed is one of which nothing holds.
    expect(await found('user', `{ not: ${where} }`)).toEqual(both);
    expect(await found('half', `{ not: ${where} }`)).toEqual(others(half));
  });

  it.each(['owner', 'createdBy', 'team'])('a hidden %s counts as none', async (field) => {
    expect(await found('narrow', `{ ${field}: { isNull: true } }`)).toEqual(both);
    expect(await found('narrow', `{ ${field}: { isNull: false } }`)).toEqual([]);
    expect(await found('user', `{ ${field}: { isNull: true } }`)).toEqual([]);
  });

  it('beside one on an open field do not spoil it', async () => {
    const where = '{ or: [{ accessLevel: { eq: ROLE_BASED } }, { name: { eq: "for x" } }] }';
    expect(await found('user', where)).toEqual(['for x']);
  });
});

describe('D15: a management column that always has a value', () => {
  it.each(['{ instructions: { isNull: false } }', '{ instructions: { contains: "" } }'])(
    '%s finds rows for their managers alone',
    async (where) => {
      const source = `{ list: agents(where: ${where}) { edges { node { name } } } }`;
      const found = async (who: Who) => namesOf((await ask(who, source)).data.list);
      expect(await found('manager')).toEqual(['for all', 'for x']);
      expect(await found('half')).toEqual(['for all']);
      expect(await found('user')).toEqual([]);
    },
  );
});

describe('D15: what cannot be asked for', () => {
  it.each([
    'forms(orderBy: { field: ACCESS_LEVEL })',
    'forms(orderBy: { field: OWNER })',
    'forms(where: { workflowId: { eq: "x" } })',
    'forms(where: { ownerId: { eq: "x" } })',
    'forms(where: { scopeId: { eq: "x" } })',
    'forms(where: { organizationId: { eq: "x" } })',
    'forms(where: { roleIds: { eq: "x" } })',
    'configs(where: { value: { eq: "x" } })',
    'configs(where: { ciphertext: { eq: "x" } })',
    'agents(orderBy: { field: INSTRUCTIONS })',
    'workflows(orderBy: { field: ENDPOINT })',
    'users(where: { organizationId: { eq: "x" } })',
  ])('%s is refused, to whomever', async (field) => {
    for (const who of ['user', 'manager'] as const) {
      const { data, errors } = await ask(who, `{ ${field} { totalCount } }`);
      expect(data).toBeNull();
      expect(refusals(errors)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it.each(['Form', 'Workflow', 'Agent', 'App', 'Config', 'Team', 'Scope', 'Role', 'User'])(
    '%s shows no foreign key',
    async (type) => {
      const source = `{ __type(name: "${type}") { fields { name } } }`;
      const { data } = await ask('user', source);
      const names = data.__type.fields.map(({ name }: { name: string }) => name);
      expect(
        names.filter((name: string) => /.Id(s)?$/.test(name) && name !== 'externalId'),
      ).toEqual([]);
    },
  );
});

describe('D15: who holds a role', () => {
  const source =
    '{ roles(where: { name: { eq: "x" } }) { edges { node { holders { edges { node { user { name } } } } } } } }';

  it('is for those who manage the role, of the memberships that they may read', async () => {
    const { world, w } = shared;
    const seesAll = await world.manager(w.a, ['role:read', 'membership:read', 'user:read']);
    const shown = await shared.ask(seesAll.email, source);
    expect(shown.errors).toEqual([]);
    expect(withoutPages(shown.data.roles)[0].holders).toEqual([
      { user: { name: 'holder of x' } },
      { user: { name: 'manager' } },
    ]);
    const { data } = await ask('manager', source);
    expect(withoutPages(data.roles)[0].holders).toEqual([]);
  });

  it('is not told to others, who do not even see the role', async () => {
    const { data } = await ask('user', source);
    expect(data.roles.edges).toEqual([]);
  });
});
