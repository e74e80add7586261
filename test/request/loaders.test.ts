import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/data/prisma/reader.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import type { Answer } from '../../src/policy/evaluate.js';
import type { Place } from '../../src/policy/situation.js';
import type { Query } from '../../src/query/query.js';
import { createLoaders, isPermitted } from '../../src/request/loaders.js';
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
function loaders(known: Answer = 'unknown') {
  const asked: string[] = [];
  const made = createLoaders({
    readerFrom: (place) => ({
      find: async ({ model, select, where }: Query): Promise<Row[]> => {
        const of = Object.keys(select.relations ?? {}).join();
        asked.push(`${model} at ${nameOf(place)}${of && ` with ${of}`}`);
        const ids = where?.op === 'compare' && where.test.is === 'oneOf' ? where.test.values : [];
        const found = [...new Set(ids)].filter((id) => id !== 'hidden');
        return found.map((id) => ({ id: String(id), at: nameOf(place), model, of }));
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
    limits: DEFAULT_LIMITS,
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

test('related rows are those of the relation', async () => {
  const { related } = loaders();
  const leaf = { select: { columns: ['id'] } };
  const found = await Promise.all([
    related('Form', { roles: leaf }, home).load('a'),
    related('Form', { workflow: leaf }, home).load('a'),
    related('Form', { roles: leaf }, project).load('a'),
  ]);
  expect(found.map((one) => `${one?.of} at ${one?.at}`)).toEqual([
    'roles at org',
    'workflow at org',
    'roles at project/org',
  ]);
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
