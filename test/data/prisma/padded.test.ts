import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padded } from '../../../src/data/prisma/padded.js';

test('a padded list holds the same values in the same order, and has one of few lengths', () => {
  const lengths = new Set<number>();
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 200 }), (values) => {
      const list = padded(values);
      expect(list.slice(0, values.length)).toEqual(values);
      expect(new Set(list)).toEqual(new Set(values));
      lengths.add(list.length);
    }),
  );
  const allowed = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];
  expect([...lengths].filter((length) => !allowed.includes(length))).toEqual([]);
});
