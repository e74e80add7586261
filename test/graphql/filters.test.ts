import { expect, test } from 'vitest';
import { whereOf } from '../../src/graphql/filters.js';
import {
  both,
  compare,
  either,
  every,
  type Filter,
  is,
  isMissing,
  not,
  on,
  oneOf,
  some,
} from '../../src/query/filter.js';
import '../../src/resources/registry.js';

const ID = '018f0000-0000-7000-8000-00000000dead';
const isX = on('name', oneOf('name', ['x']));
const x = { name: { eq: 'x' } };
const since = new Date('2026-01-01');

test.each<[model: string, where: object, filter: Filter]>([
  ['Form', {}, both()],
  ['Form', x, oneOf('name', ['x'])],
  ['Form', { id: { eq: ID } }, oneOf('id', [ID])],
  // A malformed id is that of no row.
  ['Form', { id: { eq: 'nonsense' } }, oneOf('id', [])],
  ['Form', { id: { in: ['nonsense', ID] } }, oneOf('id', [ID])],
  ['Form', { isActive: { eq: false } }, compare('isActive', { is: 'equal', value: false })],
  [
    'Form',
    { name: { contains: '%' } },
    compare('name', { is: 'contains', text: '%', folded: true }),
  ],
  ['Form', { createdAt: { lt: since } }, compare('createdAt', { is: 'less', value: since })],
  ['Form', { createdAt: { lte: since } }, compare('createdAt', { is: 'atMost', value: since })],
  ['Form', { createdAt: { gt: since } }, compare('createdAt', { is: 'greater', value: since })],
  ['Form', { createdAt: { gte: since } }, compare('createdAt', { is: 'atLeast', value: since })],
  ['Form', { description: { isNull: true } }, isMissing('description')],
  ['Form', { description: { isNull: false } }, not(isMissing('description'))],
  ['Form', { and: [x, x] }, both(isX, isX)],
  ['Form', { or: [x, x] }, either([isX, isX])],
  ['Form', { or: [] }, either([])],
  ['Form', { not: x }, not(isX)],
  ['Form', { workflow: { is: x } }, is('workflow', isX)],
  ['Form', { workflow: { isNull: true } }, not(is('workflow'))],
  ['Form', { workflow: { isNull: false } }, is('workflow')],
  ['Scope', { children: { some: x } }, some('children', isX)],
  ['Scope', { children: { every: x } }, every('children', isX)],
  ['Scope', { children: { none: x } }, not(some('children', isX))],
  // Of rows between, what is asked is asked of the far row.
  ['Agent', { tools: { some: x } }, some('tools', is('workflow', isX))],
  ['Agent', { tools: { none: x } }, not(some('tools', is('workflow', isX)))],
  ['Agent', { tools: { every: x } }, not(some('tools', is('workflow', not(isX))))],
])('%s: %j', (model, where, filter) => {
  const [field = ''] = Object.keys(where);
  const isField = !['', 'and', 'or', 'not'].includes(field);
  expect(whereOf(model).toFilter(where)).toEqual(isField ? on(field, filter) : filter);
});

test.each<[model: string, where: unknown]>([
  ['Form', null],
  ['Form', { name: null }],
  ['Form', { name: { eq: null } }],
  ['Form', { name: { in: ['x', null] } }],
  ['Form', { workflow: { is: null } }],
  ['Form', { or: [null] }],
  ['Form', { not: null }],
  // D45: what says nothing, such as a variable that was left out.
  ['Form', { name: {} }],
  ['Form', { workflow: {} }],
  ['Form', { and: [] }],
  ['Form', { or: [{}] }],
  ['Form', { not: {} }],
  ['Scope', { children: { every: {} } }],
  // D15: what is only shown, sealed, a foreign key, or two relations away.
  ['Form', { fields: { isNull: true } }],
  ['Config', { value: { eq: 'x' } }],
  ['Config', { ciphertext: { eq: 'x' } }],
  ['Form', { workflowId: { eq: ID } }],
  ['Form', { workflow: { is: { scope: { is: {} } } } }],
])('%s: %j is refused', (model, where) => {
  expect(() => whereOf(model).toFilter(where)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
  );
});
