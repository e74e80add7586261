import {
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';
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

/** What an input of this type can be made of with this text in it, at every place that takes text. */
function withText(type: GraphQLInputType, text: string, depth = 0): unknown[] {
  if (isNonNullType(type)) return withText(type.ofType, text, depth);
  if (isListType(type)) return withText(type.ofType, text, depth).map((value) => [value]);
  if (isInputObjectType(type)) {
    if (depth > 2) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      ['and', 'or', 'not'].includes(field.name)
        ? []
        : withText(field.type, text, depth + 1).map((value) => ({
            ...needed(type),
            [field.name]: value,
          })),
    );
  }
  const { name } = getNamedType(type);
  return name === 'ID' || name === 'String' || name === '_Any' ? [asEntity(name, text)] : [];
}

/** What an input cannot be without: words. */
const needed = (type: GraphQLInputObjectType): object =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map(({ name }) => [name, 'x']),
  );

const asEntity = (type: string, text: string) =>
  type === '_Any' ? { __typename: 'Form', id: text } : text;

const FIELDS = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
  ({ args }) => args.length > 0,
);

describe.each(FIELDS.map((field) => [field.name, field.args] as const))('%s', (name, args) => {
  it('is never surprised by a text', async () => {
    for (const text of name === 'forms' ? HOSTILE : HOSTILE.slice(0, 2)) {
      const questions = args.flatMap((arg) =>
        withText(arg.type, text).map((value) => ({ arg, value })),
      );
      expect(questions.length).toBeGreaterThan(0);
      // As many questions as a request may hold.
      for (let start = 0; start < questions.length; start += 40) {
        const some = questions.slice(start, start + 40);
        const source = `query (${some.map(({ arg }, n) => `$v${n}: ${arg.type}`).join()}) {
          ${some.map(({ arg }, n) => `q${n}: ${name}(${call(args, arg, n)}) { __typename }`).join('\n')}
        }`;
        const variables = Object.fromEntries(some.map(({ value }, n) => [`v${n}`, value]));
        const { status } = await ask(source, variables);
        expect(status).toBe(200);
      }
    }
  });
});

/** The argument in question, and the others that have to be there. */
function call(args: readonly GraphQLArgument[], asked: GraphQLArgument, n: number): string {
  return args
    .filter((arg) => arg === asked || isRequiredArgument(arg))
    .map((arg) => `${arg.name}: ${arg === asked ? `$v${n}` : '"x"'}`)
    .join(', ');
}

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
