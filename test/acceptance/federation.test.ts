import { buildASTSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const TYPES = [
  'Organization',
  'User',
  'Team',
  'ScopeType',
  'Scope',
  'Role',
  'Permission',
  'ScopeOverride',
  'Membership',
  'Form',
  'Workflow',
  'Agent',
  'App',
  'Config',
  'AuditEntry',
  'VirtualKey',
  'ApiKey',
  'Execution',
  'Schedule',
  'Conversation',
] as const;

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const viewer = await world.user(a, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, a);
  const b = await world.organization('B');
  const forms = [];
  for (const name of ['one', 'two', 'three']) forms.push(await world.row('form', a, name));
  return {
    ...{ a, viewer, forms },
    config: await world.row('config', a, 'key'),
    hidden: await world.row('form', b, 'hidden'),
    nobody: await world.user(a, 'nobody'),
  };
});

type Representation = Readonly<Record<string, unknown>>;
const ENTITIES = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      __typename
      ... on Form { name }
      ... on Config { key }
      ... on User { email }
    }
  }
`;
const ask = (of: readonly Representation[], who = shared.w.viewer) =>
  shared.ask(who.email, ENTITIES, { of });

describe('the federated schema', () => {
  const sdl = async (): Promise<string> => {
    const { data } = await shared.ask(shared.w.viewer.email, '{ _service { sdl } }');
    return data._service.sdl;
  };

  it.each(TYPES)('%s is an entity by its id', async (type) => {
    expect(await sdl()).toMatch(new RegExp(`^type ${type} [^{]*@key\\(fields: "id"\\)`, 'm'));
  });

  it('nothing else is, but for natural keys', async () => {
    const text = await sdl();
    for (const [type, key] of [
      ['App', 'scope { id } slug'],
      ['Config', 'scope { id } key'],
      ['Scope', 'organization { id } externalId'],
    ] as const) {
      expect(text).toMatch(new RegExp(`^type ${type} .*@key\\(fields: "${key}"\\)`, 'm'));
    }
    expect(text.match(/@key\(/g)).toHaveLength(TYPES.length + 3);
  });

  it('PageInfo is shareable, and node and nodes are left out', async () => {
    const text = await sdl();
    expect(text).toMatch(/^type PageInfo\s+@shareable/m);
    expect(text.match(/^.*@shareable/gm)?.filter((line) => !line.includes('@link'))).toHaveLength(
      1,
    );
    expect(text).not.toMatch(/^ {2}nodes?\(/m);
  });

  it('is one that can be composed: it parses, and links federation', async () => {
    const text = await sdl();
    expect(text).toContain('specs.apollo.dev/federation/v2');
    expect(() => buildASTSchema(parse(text), { assumeValid: true })).not.toThrow();
  });
});

describe('_entities', () => {
  it('answers in order, and null without a __typename for what is hidden', async () => {
    const { forms, config, hidden, viewer } = shared.w;
    const absent = '018f0000-0000-7000-8000-00000000dead';
    const of = [
      { __typename: 'Form', id: forms[1]?.id },
      { __typename: 'Config', id: config.id },
      { __typename: 'Form', id: hidden.id },
      { __typename: 'Form', id: absent },
      { __typename: 'User', id: viewer.id },
      { __typename: 'Form', id: forms[0]?.id },
      { __typename: 'Form', id: config.id },
    ];
    const { data, errors } = await ask(of);
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { __typename: 'Form', name: 'two' },
      { __typename: 'Config', key: 'key' },
      null,
      null,
      { __typename: 'User', email: viewer.email },
      { __typename: 'Form', name: 'one' },
      null,
    ]);
  });

  it('are loaded together', async () => {
    const { forms } = shared.w;
    const of = forms.map(({ id }) => ({ __typename: 'Form', id }));
    const one = await shared.statements(() => ask(of.slice(0, 1)));
    const all = await shared.statements(() => ask([...of, ...of]));
    expect(all).toHaveLength(one.length);
  });

  it('believes nothing of a representation but the id', async () => {
    const { forms } = shared.w;
    const of = [{ __typename: 'Form', id: forms[0]?.id, name: 'mine', isActive: false }];
    expect((await ask(of)).data._entities).toEqual([{ __typename: 'Form', name: 'one' }]);
  });

  it.each<[string, Representation]>([
    ['no id', {}],
    ['null', { id: null }],
    ['a number', { id: 7 }],
    ['a boolean', { id: true }],
    ['an object', { id: { in: ['x'] } }],
    ['a list', { id: ['x'] }],
    ['a malformed id', { id: 'x' }],
    ['a null character', { id: 'a\0b' }],
  ])('%s as the key is that of nothing', async (_what, key) => {
    for (const __typename of TYPES) {
      const { data, errors } = await ask([{ __typename, ...key }]);
      expect(data?._entities).toEqual([null]);
      expect(errors).toEqual([]);
    }
  });

  it.each<[string, unknown]>([
    ['a type that does not exist', { __typename: 'Nothing', id: 'x' }],
    ['a type that is no entity', { __typename: 'PageInfo', id: 'x' }],
    ['the root', { __typename: 'Query' }],
    ['an interface', { __typename: 'Node', id: 'x' }],
    ['a scalar', { __typename: 'String', id: 'x' }],
    ['an input', { __typename: 'FormFilter', id: 'x' }],
    ['a property of every object', { __typename: 'constructor', id: 'x' }],
    ['no type', { id: 'x' }],
    ['null as the type', { __typename: null, id: 'x' }],
    ['a number as the type', { __typename: 7, id: 'x' }],
    ['text', 'Form'],
    ['a list', [{ __typename: 'Form', id: 'x' }]],
  ])('%s is the fault of the caller', async (_what, representation) => {
    const { data, errors } = await ask([representation as Representation]);
    expect(data?._entities ?? null).toEqual(null);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
  });

  it('are decided for the caller, and refused to nobody', async () => {
    const of = [{ __typename: 'Config', id: shared.w.config.id }];
    const denied = await ask(of, shared.w.nobody);
    expect(denied).toMatchObject({ data: { _entities: [null] }, errors: [] });
    const anonymous = await shared.ask(null, ENTITIES, { of });
    expect(refusals(anonymous.errors)[0]).toMatch(/^UNAUTHENTICATED/);
    expect(JSON.stringify(anonymous)).not.toContain('key of');
  });
});
