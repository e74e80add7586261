import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';
import { fieldsWithText, hostileDocuments, withText } from '../support/hostile.js';
import { SYSTEM } from '../support/world.js';

// Every question goes through `ask`, which fails on an INTERNAL_SERVER_ERROR.
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const everything = ['form', 'workflow', 'agent', 'app', 'config', 'role', 'permission', 'scope'];
  const permits = [...everything, 'scopeType', 'team', 'user', 'organization'];
  const admin = await world.user(a, 'admin');
  await world.hold(admin, SYSTEM.Admin, a);
  return {
    a,
    admin,
    manager: await world.manager(
      a,
      permits.map((type) => `${type}:read`),
    ),
  };
});
const ask = (source: string, variables: Record<string, unknown>) =>
  shared.ask(shared.w.manager.email, source, variables);

const HOSTILE = [
  'a\0b',
  '\0',
  '%',
  "'; DROP TABLE form; --",
  '\ud800',
  '\u{1F600}'.repeat(1000),
  '018F0000-0000-7000-8000-00000000DEAD',
  '{018f0000-0000-7000-8000-00000000dead}',
  '018f000000007000800000000000dead',
  ' 018f0000-0000-7000-8000-00000000dead ',
  '018f0000-0000-7000-8000-00000000dead\n',
  '',
];

it.each(HOSTILE)('forms are never surprised by a text: %j', async (text) => {
  // What each other field makes of two of them is in hostile-fields.test.ts.
  const forms = fieldsWithText(schema).find(({ field }) => field.name === 'forms');
  if (forms === undefined) throw new Error('there are forms');
  for (const { source, variables } of hostileDocuments(forms, text, 40)) {
    expect((await ask(source, variables)).status).toBe(200);
  }
});

describe('a mutation', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  it.each(mutations.map((field) => [field.name, field.args] as const))(
    'is never surprised by a text: %s',
    async (name, args) => {
      for (const text of HOSTILE.slice(0, 4)) {
        for (const arg of args) {
          for (const value of withText(arg.type, text)) {
            const source = `mutation ($v: ${arg.type}) { ${name}(${arg.name}: $v) { __typename } }`;
            const { status } = await shared.ask(shared.w.admin.email, source, { v: value });
            expect([200, 400]).toContain(status);
          }
        }
      }
    },
  );
});

describe('hostile text elsewhere', () => {
  it('in an argument of a nested field, and in a header', async () => {
    for (const name of HOSTILE) {
      const source = 'query ($name: String!) { viewer { hasRole(name: $name) } }';
      expect((await ask(source, { name })).data.viewer.hasRole).toBe(false);
    }
    for (const scope of ['%00', '%', "'", 'x'.repeat(5000), shared.w.a.id.slice(0, 35)]) {
      const headers = { 'x-heimdall-scope': scope };
      const answer = await shared.ask(shared.w.manager.email, '{ __typename }', {}, headers);
      expect(answer.errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
    }
  });

  it('a null character in a filter is the fault of the caller', async () => {
    const source = 'query ($w: FormFilter) { forms(where: $w) { totalCount } }';
    for (const test of [{ eq: 'a\0' }, { in: ['a', '\0'] }, { contains: '\0' }]) {
      const { errors } = await ask(source, { w: { name: test } });
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it.each(['a\0', 'a\ud800', '\udc00a'])('as a name it is refused (10.15, D45): %j', async (n) => {
    const source =
      'query ($n: String!) { formByName(name: $n) { id } configByKey(key: $n) { id } scopeByExternalId(externalId: $n) { id } }';
    const { data, errors } = await ask(source, { n });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
    expect(data).toEqual({ formByName: null, configByKey: null, scopeByExternalId: null });
  });
});

describe('a filter may ask for so much, and no more', () => {
  const forms =
    'query ($w: FormFilter) { a: forms(where: $w) { totalCount } b: forms(where: $w) { totalCount } }';
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const nested = (levels: number): object =>
    levels === 0 ? { name: { eq: 'x' } } : { or: [nested(levels - 1)] };

  it.each([
    ['terms', { or: many(80, (index) => ({ name: { eq: `${index}` } })) }],
    ['relations', { or: many(20, () => ({ workflow: { is: {} } })) }],
    ['values', { name: { in: many(1001, String) } }],
    ['nested too deeply', nested(30)],
  ])('%s, counted over all fields of a request', async (what, w) => {
    const { errors } = await ask(forms, { w });
    const [first] = errors;
    expect(errors.map(({ extensions }) => extensions.code)).toContain('BAD_USER_INPUT');
    expect(first?.message).toContain(what);
  });

  it('an ordinary one is within', async () => {
    const w = { and: [nested(5), { workflow: { is: { name: { in: many(100, String) } } } }] };
    expect((await ask(forms, { w })).errors).toEqual([]);
  });
});

it('too many faulty variables are the fault of the caller', async () => {
  const { errors } = await ask('query ($r: [ID!]!) { nodes(ids: $r) { id } }', {
    r: Array.from({ length: 60 }, () => ({})),
  });
  expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
    new Set(['BAD_USER_INPUT']),
  );
});

it('so many representations are resolved at once, and no more', async () => {
  const r = Array.from({ length: 1001 }, () => ({ __typename: 'Form', id: shared.w.a }));
  const { errors } = await ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    { r },
  );
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
});
