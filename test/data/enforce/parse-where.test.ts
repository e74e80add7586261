import { expect, test } from 'vitest';
import { parseWhere } from '../../../src/data/enforce/parse-where.js';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { compare, type Filter, is, isMissing, not, on, some } from '../../../src/query/filter.js';

test.each<[model: string, where: object, filter: Filter]>([
  ['Form', { name: 'x' }, compare('name', { is: 'equal', value: 'x' })],
  ['Form', { name: null }, isMissing('name')],
  ['Form', { name: { equals: null } }, isMissing('name')],
  ['Form', { name: { not: null } }, not(isMissing('name'))],
  ['Form', { version: { lt: 1 } }, compare('version', { is: 'less', value: 1 })],
  ['Form', { version: { lte: 1 } }, compare('version', { is: 'atMost', value: 1 })],
  ['Form', { version: { gt: 1 } }, compare('version', { is: 'greater', value: 1 })],
  ['Form', { version: { gte: 1 } }, compare('version', { is: 'atLeast', value: 1 })],
  ['Form', { name: { in: ['x'] } }, compare('name', { is: 'oneOf', values: ['x'] })],
  ['Form', { name: { notIn: ['x'] } }, not(compare('name', { is: 'oneOf', values: ['x'] }))],
  ['ApiKey', { operations: ['x'] }, compare('operations', { is: 'listEqual', values: ['x'] })],
  ['ApiKey', { operations: { has: 'x' } }, compare('operations', { is: 'hasAll', values: ['x'] })],
  [
    'ApiKey',
    { operations: { hasEvery: ['x', 'y'] } },
    compare('operations', { is: 'hasAll', values: ['x', 'y'] }),
  ],
  [
    'ApiKey',
    { operations: { hasSome: ['x', 'y'] } },
    compare('operations', { is: 'hasSome', values: ['x', 'y'] }),
  ],
  [
    'ApiKey',
    { operations: { isEmpty: true } },
    compare('operations', { is: 'empty', value: true }),
  ],
  [
    'Form',
    { name: { contains: 'x', mode: 'insensitive' } },
    compare('name', { is: 'contains', text: 'x', folded: true }),
  ],
  [
    'Form',
    { name: { startsWith: 'x' } },
    compare('name', { is: 'startsWith', text: 'x', folded: false }),
  ],
  ['Form', { workflow: null }, not(is('workflow'))],
  ['Form', { workflow: { isNot: null } }, not(not(is('workflow')))],
  [
    'Agent',
    { tools: { none: { agent: null } } },
    not(some('tools', on('agent', not(is('agent'))))),
  ],
])('%s: %j', (model, where, filter) => {
  const [field = ''] = Object.keys(where);
  expect(parseWhere(dataModel, model, where)).toEqual(on(field, filter));
});
