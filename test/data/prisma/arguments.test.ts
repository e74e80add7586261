import { expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { findArguments } from '../../../src/data/prisma/arguments.js';
import type { GuardedQuery, GuardedSelection } from '../../../src/query/guarded.js';
import type { OrderKey } from '../../../src/query/query.js';

const select = (relations = {}, counts = {}): GuardedSelection => ({
  ...{ columns: ['id'], sealed: [] },
  relations,
  counts,
});
const ALL = { op: 'all' } as const;
const related = (model: string, more: object = {}) => ({
  ...{ model, where: ALL, select: select() },
  ...more,
});
const query = (more: object) => findArguments(dataModel, related('Agent', more) as GuardedQuery);

test('pages and numbers of related rows are laterals, whole lists of them are not', () => {
  const strategy = (relations: object, counts = {}) =>
    query({ select: select(relations, counts) }).relationLoadStrategy;
  const page = { page: { take: 3 } };
  expect(strategy({})).toBe('query');
  expect(strategy({ tools: related('AgentTool') })).toBe('query');
  expect(strategy({ tools: related('AgentTool', page) })).toBe('join');
  const below = select({
    workflow: related('Workflow', { select: select({ forms: related('Form', page) }) }),
  });
  expect(strategy({ tools: related('AgentTool', { select: below }) })).toBe('join');
  expect(strategy({}, { tools: { model: 'AgentTool', where: ALL } })).toBe('join');
  // A page of the rows themselves is no matter of how the related ones are read.
  expect(query({ ...page, select: select({ tools: related('AgentTool') }) })).toMatchObject({
    take: 3,
    relationLoadStrategy: 'query',
  });
});

test('rows are sorted, and are beyond others, by what a related row says', () => {
  const order: OrderKey[] = ['name', 'id'].map((field) => ({
    ...{ via: 'workflow', field, direction: 'asc' },
  }));
  const args = findArguments(dataModel, {
    ...related('AgentTool', { order, page: { take: 2, beyond: ['a', 'x'] } }),
  } as GuardedQuery);
  expect(args.orderBy).toEqual([{ workflow: { name: 'asc' } }, { workflow: { id: 'asc' } }]);
  const beyond = {
    AND: [
      { name: { gte: 'a' } },
      { OR: [{ AND: [{ name: { gt: 'a' } }] }, { AND: [{ name: 'a' }, { id: { gt: 'x' } }] }] },
    ],
  };
  expect(args.where).toEqual({ workflow: { is: beyond } });
});
