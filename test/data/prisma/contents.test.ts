import { expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import {
  bytesOf,
  contentsOf,
  lengthsIn,
  readsContents,
  withContents,
  withLengths,
} from '../../../src/data/prisma/contents.js';
import type { Row } from '../../../src/data/prisma/row.js';
import type { Selection } from '../../../src/query/query.js';

/** Written for the audit and for subscribers, and read by no list. */
const UNREAD = ['AuditEntry', 'Change'];

test('10.3 every column of JSON is weighed before it is read', () => {
  for (const [model, { fields }] of Object.entries(dataModel)) {
    if (UNREAD.includes(model)) continue;
    const json = Object.entries(fields).filter(
      ([, field]) => field.kind === 'scalar' && field.type === 'Json',
    );
    for (const [name] of json) expect(contentsOf(dataModel, model)).toContain(name);
  }
  expect(contentsOf(dataModel, 'Agent')).toEqual(['instructions']);
  expect(contentsOf(dataModel, 'Team')).toEqual([]);
});

const select: Selection = {
  columns: ['id', 'name'],
  relations: {
    delegates: {
      select: {
        columns: ['delegateId'],
        relations: { delegate: { select: { columns: ['id', 'instructions'] } } },
      },
    },
  },
};

test('10.3 what related rows hold is weighed and put into its place', () => {
  expect(readsContents(dataModel, 'Agent', select)).toBe(true);
  const lean = withLengths(dataModel, 'Agent', select);
  const far = lean.relations?.delegates?.select.relations?.delegate?.select.columns;
  expect(far).toEqual(['id', 'contentBytes']);
  expect(readsContents(dataModel, 'Agent', lean)).toBe(false);
  const delegate = (id: string) => ({ delegateId: id, delegate: { id, contentBytes: 7 } });
  const rows = [{ id: 'x', name: 'x', delegates: [delegate('a'), delegate('gone')] }];
  const lengths = lengthsIn(dataModel, 'Agent', lean, rows);
  expect([...(lengths.get('Agent') ?? [])]).toEqual([
    ['a', 7],
    ['gone', 7],
  ]);
  const contents = new Map([['Agent', new Map([['a', { instructions: 'be nice' }]])]]);
  expect(withContents(dataModel, 'Agent', select, rows, contents)).toEqual([
    {
      id: 'x',
      name: 'x',
      delegates: [
        { delegateId: 'a', delegate: { id: 'a', instructions: 'be nice' } },
        { delegateId: 'gone', delegate: null },
      ],
    },
  ]);
});

test('10.3 rows take what their text and lists take, those below them included', () => {
  const inner = { id: '12345678', name: 'é' } as Row;
  expect(bytesOf([{ id: '1', fields: { a: 1 }, rows: [inner, inner], one: inner }])).toBe(
    1 + 7 + 3 * 10,
  );
});
