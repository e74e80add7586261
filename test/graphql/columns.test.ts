import { expect, test } from 'vitest';
import { forManagers, open, related, sealed, shown, through } from '../../src/graphql/columns.js';

test('D15: open columns and those for managers can be filtered by, unless it is said that not', () => {
  expect([open, forManagers, shown, sealed].map((make) => make('').filter)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([open, forManagers].map((make) => make('', { filter: false }).filter)).toEqual([
    false,
    false,
  ]);
  expect(open('').sort).toBe(false);
});

test('a relation is open unless it is said to be for managers', () => {
  const classes = [related(''), through('far', '')].map((one) => one.class);
  expect(classes).toEqual(['open', 'open']);
  expect(related('', { managed: true }).class).toBe('managed');
  expect(through('far', '', { managed: true, kept: 'ids' })).toMatchObject({
    class: 'managed',
    far: 'far',
    kept: 'ids',
  });
});
