import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDomainError } from '../../src/errors.js';
import { HeldBytes } from '../../src/limits/held-bytes.js';

const LIMITS = { answerBytes: 16_000_000, heldAnswerBytes: 64_000_000 };
const SMALL = 200_000;

function codeOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
}

test('10.3 whatever requests take and give back, all together stay within the bound', () => {
  const step = fc.record({ request: fc.nat(39), bytes: fc.nat(17_000_000), ends: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const held = new HeldBytes(LIMITS);
      const open = Array.from({ length: 40 }, () => held.open());
      for (const { request, bytes, ends } of steps) {
        if (ends) open[request]?.release();
        else codeOf(() => open[request]?.take(bytes));
        expect(held.bytes).toBeLessThanOrEqual(LIMITS.heldAnswerBytes);
        expect(codeOf(() => held.open().take(SMALL))).toBeUndefined();
      }
      for (const one of open) one.release();
      expect(held.bytes).toBe(0);
    }),
  );
});

test('10.3 a request that asks for too much is told so, one that others leave no room may come again', () => {
  const held = new HeldBytes(LIMITS);
  expect(codeOf(() => held.open().take(16_000_001))).toBe('BAD_USER_INPUT');
  const codes = Array.from({ length: 6 }, () => codeOf(() => held.open().take(16_000_000)));
  expect(codes.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(codes.slice(4)).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
});

test('10.3 nothing more is loaded for an answer that nobody awaits', () => {
  const one = new HeldBytes(LIMITS).open();
  one.release();
  expect(codeOf(() => one.take(1))).toBe('UNAVAILABLE');
});
