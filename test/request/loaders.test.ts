import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/data/prisma/reader.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits/limits.js';
import type { Answer } from '../../src/policy/evaluate.js';
import type { Place } from '../../src/policy/situation.js';
import { ALL } from '../../src/query/filter.js';
import type { Query } from '../../src/query/query.js';
import { createLoaders, isPermitted, type ToMany } from '../../src/request/loaders.js';
import { placeOfRow, readIn } from '../../src/request/row-place.js';
import { schema } from '../../src/schema.js';

const placeIn = (organizationId: string, ...chain: string[]): Place => ({
  organizationId,
  switched: false,
  coverage: { kind: 'organization', organizationId },
  chain,
  includeShadowed: false,
});
const home = placeIn('org', 'org');
const project = placeIn('org', 'project', 'org');
const other = placeIn('other', 'other');

const nameOf = (place: Place): string => place.chain.join('/');

/** Loaders that answer with where and for what they were asked. */
function loaders(known: Answer = 'unknown', limits: Partial<Limits> = {}) {
  const asked: string[] = [];
  let underWay = 0;
  const made = createLoaders({
    readerFrom: (place) => ({
      find: async ({ model, select, where }: Query): Promise<Row[]> => {
        const [[of, related] = []] = Object.entries(select.relations ?? {});
        const [counted] = Object.keys(select.counts ?? {});
        const what = of ?? (counted && `the number of ${counted}`);
        asked.push(`${model} at ${nameOf(place)}${what ? ` with ${what}` : ''}`);
        const ids = where?.op === 'compare' && where.test.is === 'oneOf' ? where.test.values : [];
        const found = [...new Set(ids)].filter((id) => id !== 'hidden' && id !== 'gone 1');
        if (of === undefined) {
          const numbers = counted === undefined ? {} : { _count: { [counted]: 7 } };
          return found.map((id) => ({ id: String(id), at: nameOf(place), model, ...numbers }));
        }
        underWay += 1;
        await Promise.resolve();
        asked.push(`${found.length} of ${of}, ${underWay} under way`);
        underWay -= 1;
        const page = Array.from({ length: related?.page?.take ?? 0 }, (_, n) => ({
          roleId: `${of} ${n}`,
        }));
        return found.map((id) => ({ id: String(id), [of]: page }));
      },
      first: () => Promise.reject(new Error('not for loaders')),
      count: () => Promise.reject(new Error('not for loaders')),
    }),
    permits: () => known,
    permitted: async (model, action, place, ids) => {
      asked.push(`${action} ${model} at ${nameOf(place)}: ${ids.join()}`);
      return new Set(ids.filter((id) => id === `${action} ${nameOf(place)}`));
    },
    findShadowing: async (model, ids, chain) => {
      asked.push(`${model} shadowed in ${chain.join('/')}`);
      return new Map(ids.map((id) => [id, `${id} in ${chain.join('/')}`]));
    },
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  return { ...made, asked };
}

const [operation] = parse('{ forms { edges { node { id } } } }').definitions;
const info = {
  operation: operation as OperationDefinitionNode,
  fragments: {},
  schema,
  variableValues: {},
};

describe('rows by id', () => {
  test('are asked for at once, each once, and are of the place where they were asked for', async () => {
    const { row, asked } = loaders();
    const load = (id: string) => row('Form', home, info).load(id);
    const rows = await Promise.all(['a', 'b', 'a', 'hidden'].map(load));
    expect(rows.map((one) => one?.id ?? null)).toEqual(['a', 'b', 'a', null]);
    expect(asked).toEqual(['Form at org']);
    for (const one of rows) {
      if (one !== null) expect(placeOfRow(one, { place: other })).toBe(home);
    }
  });

  test('D4: are not those of another model or another place', async () => {
    const { row } = loaders();
    const wanted: [string, Place][] = [
      ['Form', home],
      ['Workflow', home],
      ['Form', project],
      ['Form', other],
    ];
    const rows = await Promise.all(
      wanted.map(([model, place]) => row(model, place, info).load('a')),
    );
    expect(rows.map((one) => `${one?.model} at ${one?.at}`)).toEqual([
      'Form at org',
      'Workflow at org',
      'Form at project/org',
      'Form at other',
    ]);
  });

  test('are the same in places where all is decided alike', () => {
    const { row } = loaders();
    const part: Place = { ...home, coverage: { kind: 'chain', scopeIds: ['org'] } };
    expect(row('Form', part, info)).toBe(row('Form', home, info));
    expect(row('Form', project, info)).not.toBe(row('Form', home, info));
  });
});

describe('pages of related rows', () => {
  const roles: ToMany = { model: 'Form', relation: 'roles', farId: 'roleId', target: 'Role' };
  const first = (size: number) => ({ where: ALL, order: [], size, besides: ['name'] });

  test('are those of the relation, the place and the question, of many rows at once', async () => {
    const { page, asked } = loaders();
    const pages = await Promise.all([
      page(roles, first(2), home, info).load('a'),
      page(roles, first(2), home, info).load('b'),
      page(roles, first(3), home, info).load('a'),
      page(roles, first(2), project, info).load('a'),
      page({ ...roles, relation: 'others' }, first(2), home, info).load('a'),
      page(roles, first(2), home, info).load('hidden'),
    ]);
    expect(pages.map(({ rows }) => rows.map(({ id }) => id))).toEqual([
      ['roles 0', 'roles 1'],
      ['roles 0', 'roles 1'],
      ['roles 0', 'roles 1', 'roles 2'],
      ['roles 0', 'roles 1'],
      ['others 0', 'others 1'],
      [],
    ]);
    expect(pages.map(({ more }) => more)).toEqual([...Array(5).fill(true), false]);
    expect(placeOfRow(pages[3]?.rows[0] ?? {}, { place: home })).toBe(project);
    const questions = asked.filter((one) => one.startsWith('Form'));
    expect(questions).toEqual([
      'Form at org with roles',
      'Form at org with roles',
      'Form at project/org with roles',
      'Form at org with others',
    ]);
  });

  test('are shorter where a row is gone meanwhile, and followed by others all the same', async () => {
    const { page } = loaders();
    const gone = { ...roles, relation: 'gone' };
    const found = await page(gone, first(2), home, info).load('a');
    expect(found).toMatchObject({ rows: [{ id: 'gone 0' }], more: true });
  });

  test('are counted in one question of their own', async () => {
    const { count, asked } = loaders();
    const numbers = await Promise.all(
      ['a', 'b', 'hidden'].map((id) => count('Form', 'roles', ALL, home).load(id)),
    );
    expect(numbers).toEqual([7, 7, 0]);
    expect(asked).toEqual(['Form at org with the number of roles']);
  });

  test('are read a part after another where they are long, and no more of them than are answered', async () => {
    const limits = { batchIds: 4, pageSize: 50, answerFields: 100 };
    const ids = Array.from({ length: 6 }, (_, n) => `row ${n}`);
    const asking = (size: number) => {
      const { page, asked } = loaders('unknown', limits);
      const pages = ids.map((id) => page(roles, first(size), home, info).load(id));
      return { page, pages, asked: () => asked.filter((one) => / of |with/.test(one)) };
    };
    const long = asking(99);
    const found = await Promise.allSettled(long.pages);
    // Two rows with pages of 100 are as many as four with pages of 50.
    expect(long.asked()).toEqual(['Form at org with roles', '2 of roles, 1 under way']);
    expect(found.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled'],
      ...Array(4).fill('rejected'),
    ]);
    // Other pages of the same request count as well.
    const more = long.page({ ...roles, relation: 'others' }, first(1), home, info).load('a');
    await expect(more).rejects.toThrow('at most 100 fields');
    const short = asking(1);
    await Promise.all(short.pages);
    expect(short.asked()).toEqual([
      ...['Form at org with roles', '4 of roles, 1 under way'],
      ...['Form at org with roles', '2 of roles, 1 under way'],
    ]);
  });
});

test('D3: what shadows a row is found in the place', async () => {
  const { shadowing } = loaders();
  const places = [home, project, placeIn('org')];
  const found = await Promise.all(places.map((place) => shadowing('Form', place).load('a')));
  expect(found).toEqual(['a in org', 'a in project/org', null]);
});

describe('what a row permits', () => {
  const ask = (answer: Answer, action: string, id: string, place = home) => {
    const made = loaders(answer);
    return { answer: made.permitted('Form', action, place, { id }), asked: made.asked };
  };

  test('is told by the row itself where that suffices', () => {
    expect(ask('yes', 'use', 'a')).toEqual({ answer: true, asked: [] });
    expect(ask('no', 'use', 'use org')).toEqual({ answer: false, asked: [] });
  });

  test('is asked of the database where the row cannot tell', async () => {
    const { answer, asked } = ask('unknown', 'use', 'use org');
    expect(await answer).toBe(true);
    expect(asked).toEqual(['use Form at org: use org']);
    expect(await ask('unknown', 'use', 'a').answer).toBe(false);
  });

  test('is asked for each action and each place, of many rows at once', async () => {
    const { permitted, asked } = loaders();
    const answers = [
      permitted('Form', 'use', home, { id: 'use org' }),
      permitted('Form', 'use', home, { id: 'manage org' }),
      permitted('Form', 'manage', home, { id: 'manage org' }),
      permitted('Form', 'manage', project, { id: 'manage org' }),
    ];
    expect(await Promise.all(answers)).toEqual([true, false, true, false]);
    expect(asked).toEqual([
      'use Form at org: use org,manage org',
      'manage Form at org: manage org',
      'manage Form at project/org: manage org',
    ]);
  });

  test('D4: is decided where the row was read', async () => {
    const context = { place: home, loaders: loaders() };
    const row = { id: 'use project/org' };
    expect(await isPermitted('Form', 'use', row, context)).toBe(false);
    readIn([row], project);
    expect(await isPermitted('Form', 'use', row, context)).toBe(true);
  });
});
