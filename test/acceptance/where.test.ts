import { describe, expect, it } from 'vitest';
import { namesOf, refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';

const NAMES = ['10% off', '10x off', 'a_b', 'axb', 'back\\slash', 'ÉCOLE', 'Plain', "quo'te"];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const ids: Record<string, string> = {};
  const workflow = await world.row('workflow', a, 'w', { more: { description: 'launched' } });
  for (const [n, name] of NAMES.entries()) {
    const more = {
      description: n % 2 === 0 ? `about ${name}` : null,
      createdAt: `2026-01-0${n + 1}T00:00:00.000Z`,
      workflowId: n < 3 ? workflow.id : null,
    };
    const { id } = await world.row('form', a, name, { inactive: n === 7, more });
    ids[name] = id;
  }
  for (const type of ['NUMBER', 'STRING']) await world.row('config', a, type, { more: { type } });
  await world.secret(a, 'SECRET', 'sealed');
  const permits = ['form:read', 'workflow:read', 'config:read', 'role:read', 'permission:read'];
  return { a, ids, manager: await world.manager(a, [...permits, 'scope:read', 'team:read']) };
});
const ask = (source: string, variables = {}) =>
  shared.ask(shared.w.manager.email, source, variables);

/** The numbers, from 0, of the forms that are found. */
async function found(where: string, variables = {}): Promise<number[]> {
  const declared = Object.keys(variables).map((name) => `$${name}: String!`);
  const head = declared.length > 0 ? `query (${declared.join()})` : '';
  const source = `${head} { forms(where: ${where}) { totalCount edges { node { name } } } }`;
  const { data, errors } = await ask(source, variables);
  expect(errors).toEqual([]);
  const names = namesOf(data.forms);
  expect(data.forms.totalCount).toBe(names.length);
  return names.map((name) => NAMES.indexOf(name)).sort((x, y) => x - y);
}
const ALL = NAMES.map((_, n) => n);
const but = (...without: number[]) => ALL.filter((n) => !without.includes(n));

describe('where: text', () => {
  it.each([
    ['eq: "Plain"', [6]],
    ['eq: "plain"', []],
    ['eq: "%"', []],
    ['eq: "a_b"', [2]],
    ['eq: ""', []],
    ['in: ["Plain", "axb", "none"]', [3, 6]],
    ['in: []', []],
    ['contains: "10%"', [0]],
    ['contains: "%"', [0]],
    ['contains: "_"', [2]],
    ['contains: "\\\\"', [4]],
    ['contains: "A_B"', [2]],
    ['contains: "OFF"', [0, 1]],
    ['contains: "pLAIN"', [6]],
    ['contains: "École"', [5]],
    ['contains: "\'"', [7]],
    ['contains: ""', ALL],
    ['isNull: true', []],
    ['isNull: false', ALL],
    ['contains: "a", in: ["axb", "Plain", "10% off"]', [3, 6]],
  ])('name: { %s }', async (test, numbers) => {
    expect(await found(`{ name: { ${test} } }`)).toEqual(numbers);
    expect(await found(`{ not: { name: { ${test} } } }`)).toEqual(but(...numbers));
  });

  it('of other letters, the case counts', async () => {
    expect(await found('{ name: { contains: "école" } }')).toEqual([]);
  });

  it('a column that may be missing', async () => {
    expect(await found('{ description: { isNull: true } }')).toEqual([1, 3, 5, 7]);
    expect(await found('{ description: { isNull: false } }')).toEqual([0, 2, 4, 6]);
    expect(await found('{ description: { contains: "about" } }')).toEqual([0, 2, 4, 6]);
    expect(await found('{ not: { description: { isNull: true } } }')).toEqual([0, 2, 4, 6]);
  });
});

describe('where: ids, booleans, enums and dates', () => {
  it('ids; a malformed one is that of no row', async () => {
    const [first = '', second = ''] = [0, 1].map((n) => shared.w.ids[NAMES[n] ?? '']);
    expect(await found(`{ id: { eq: "${first}" } }`)).toEqual([0]);
    expect(await found(`{ id: { eq: "${first.toUpperCase()}" } }`)).toEqual([0]);
    expect(await found(`{ id: { in: ["${first}", "${second}", "nonsense"] } }`)).toEqual([0, 1]);
    expect(await found('{ id: { eq: "nonsense" } }')).toEqual([]);
    expect(await found('{ id: { in: [] } }')).toEqual([]);
    expect(await found('{ not: { id: { eq: "nonsense" } } }')).toEqual(ALL);
    expect(await found('{ id: { eq: 7 } }')).toEqual([]);
  });

  it('booleans', async () => {
    expect(await found('{ isActive: { eq: false } }')).toEqual([7]);
    expect(await found('{ isActive: { eq: true } }')).toEqual(but(7));
  });

  it('enums', async () => {
    const types = async (where: string) => {
      const { data } = await ask(
        `{ configs(where: { type: { ${where} } }) { edges { node { key } } } }`,
      );
      return namesOf(data.configs);
    };
    expect(await types('eq: NUMBER')).toEqual(['NUMBER']);
    expect(await types('in: [STRING, SECRET]')).toEqual(['SECRET', 'STRING']);
    expect(await types('in: []')).toEqual([]);
  });

  it.each([
    ['eq: "2026-01-03T00:00:00Z"', [2]],
    ['eq: "2026-01-03T01:00:00+01:00"', [2]],
    ['in: ["2026-01-03T00:00:00Z", "2026-01-05T00:00:00Z"]', [2, 4]],
    ['lt: "2026-01-03T00:00:00Z"', [0, 1]],
    ['lte: "2026-01-03T00:00:00Z"', [0, 1, 2]],
    ['gt: "2026-01-06T00:00:00Z"', [6, 7]],
    ['gte: "2026-01-06T00:00:00Z"', [5, 6, 7]],
    ['gt: "2026-01-02T00:00:00Z", lt: "2026-01-05T00:00:00Z"', [2, 3]],
    ['gt: "0001-01-01T00:00:00Z"', ALL],
    ['gt: "9999-12-31T23:59:59Z"', []],
  ])('createdAt: { %s }', async (test, numbers) => {
    expect(await found(`{ createdAt: { ${test} } }`)).toEqual(numbers);
  });

  it('a date that is none, or that no column can hold, is BAD_USER_INPUT', async () => {
    for (const date of [
      'nonsense',
      '',
      '2026-01-01',
      '2026-02-30T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      '+010000-01-01T00:00:00Z',
    ]) {
      for (const test of [`gt: "${date}"`, `eq: "${date}"`, `in: ["${date}"]`]) {
        const { errors } = await ask(`{ forms(where: { createdAt: { ${test} } }) { totalCount } }`);
        const codes = errors.map(({ extensions }) => extensions.code);
        expect([test, ...codes]).toEqual([test, 'BAD_USER_INPUT']);
      }
    }
  });
});

describe('where: and, or, not, and relations', () => {
  it.each([
    ['{}', ALL],
    ['{ or: [] }', []],
    ['{ and: [{ or: [] }] }', []],
    ['{ or: [{ or: [] }, { name: { eq: "axb" } }] }', [3]],
    ['{ not: { or: [] } }', ALL],
    ['{ and: [{ name: { contains: "a" } }, { not: { name: { contains: "x" } } }] }', [2, 4, 6]],
    ['{ or: [{ name: { eq: "axb" } }, { name: { eq: "a_b" } }], isActive: { eq: true } }', [2, 3]],
    ['{ not: { name: { eq: "axb" }, isActive: { eq: true } } }', but(3)],
    ['{ workflow: { is: { description: { eq: "launched" } } } }', [0, 1, 2]],
    ['{ workflow: { is: { and: [{ name: { eq: "w" } }] } } }', [0, 1, 2]],
    ['{ workflow: { isNull: true } }', [3, 4, 5, 6, 7]],
    ['{ not: { workflow: { is: {} } } }', [3, 4, 5, 6, 7]],
    ['{ scope: { is: { name: { isNull: true } } } }', ALL],
    ['{ organization: { isNull: true } }', ALL],
  ])('%s', async (where, numbers) => {
    expect(await found(where)).toEqual(numbers);
  });

  it('null asks for everything at the top, and nowhere else', async () => {
    expect(await found('null')).toEqual(ALL);
    for (const where of [
      '{ name: null }',
      '{ name: { eq: null } }',
      '{ name: { in: null } }',
      '{ name: { in: ["x", null] } }',
      '{ name: { contains: null } }',
      '{ name: { isNull: null } }',
      '{ description: { eq: null } }',
      '{ createdAt: { lt: null } }',
      '{ id: { eq: null } }',
      '{ id: { in: [null] } }',
      '{ and: null }',
      '{ and: [null] }',
      '{ or: null }',
      '{ or: [null] }',
      '{ not: null }',
      '{ workflow: null }',
      '{ workflow: { is: null } }',
      '{ workflow: { isNull: null } }',
      '{ roles: { some: null } }',
      '{ roles: { some: { name: { eq: null } } } }',
    ]) {
      const { errors } = await ask(`{ forms(where: ${where}) { totalCount } }`);
      expect([where, ...errors.map(({ extensions }) => extensions.code)]).toEqual([
        where,
        'BAD_USER_INPUT',
      ]);
    }
  });

  it.each([
    '{ and: [] }',
    '{ and: [{}] }',
    '{ or: [{}] }',
    '{ or: [{ name: { eq: "axb" } }, {}] }',
    '{ not: {} }',
    '{ not: { not: {} } }',
    '{ name: {} }',
    '{ not: { name: {} } }',
    '{ workflow: {} }',
    '{ workflow: { is: { name: {} } } }',
    '{ roles: {} }',
    '{ roles: { every: {} } }',
  ])('10.10, D45: %s says nothing, and so is not everything', async (where) => {
    const { errors } = await ask(`{ forms(where: ${where}) { totalCount } }`);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('10.10, D45: a comparison with a missing value is false, and not is its complement', async () => {
    expect(await found('{ description: { eq: "about 10% off" } }')).toEqual([0]);
    for (const test of [
      'eq: "about 10% off"',
      'contains: "about 10"',
      'in: ["about 0"]',
      'in: []',
    ]) {
      const holds = await found(`{ description: { ${test} } }`);
      expect(await found(`{ not: { description: { ${test} } } }`)).toEqual(but(...holds));
    }
    expect(await found('{ workflow: { is: { description: { eq: "x" } } } }')).toEqual([]);
    expect(await found('{ not: { workflow: { is: { description: { eq: "x" } } } } }')).toEqual(ALL);
  });

  it('what is left out of a variable says nothing (D45)', async () => {
    const source = 'query ($name: String) { forms(where: { name: { eq: $name } }) { totalCount } }';
    expect(refusals((await ask(source, {})).errors)).toEqual(['BAD_USER_INPUT forms']);
    expect(refusals((await ask(source, { name: null })).errors)).toEqual(['BAD_USER_INPUT forms']);
    expect((await ask(source, { name: 'axb' })).data.forms.totalCount).toBe(1);
  });
});
