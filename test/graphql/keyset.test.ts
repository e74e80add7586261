import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareBytes } from '../../src/graphql/keyset.js';

it('texts are compared as the database does: by the bytes of their UTF-8', () => {
  // Characters beyond U+FFFF and those from U+E000 on are where UTF-16 has another order.
  const character = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\u{e000}', '\u{ffff}', '\u{10000}', '\u{10ffff}', '\u{d7ff}', 'a', 'ä'),
  );
  const text = fc.array(character, { maxLength: 4 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(Math.sign(compareBytes(a, b))).toBe(bytes);
    }),
    { numRuns: 2000 },
  );
});
