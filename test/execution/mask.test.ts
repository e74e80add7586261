import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskOf } from '../../src/execution/mask.js';

const PEM = '-----BEGIN KEY-----\nabcdefghij\nklmnopqrst\n-----END KEY-----';

describe('D31: what was handed to an execution is left out of what it says', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['in a text', 'hunter22', 'it is hunter22.', 'it is ***.'],
    ['in names and in lists', 'hunter22', { hunter22: ['hunter22', 1] }, { '***': ['***', 1] }],
    [
      'each text of one that is an object',
      { user: 'somebody', port: 123_456 },
      ['somebody', 1_234_567, 12],
      ['***', '***', 12],
    ],
    ['as JSON has it', 'say "hello"', JSON.stringify('say "hello"'), '"***"'],
    [
      'as a URL has it',
      'a b/c d?e',
      `https://x/${encodeURIComponent('a b/c d?e')}`,
      'https://x/***',
    ],
    ['line by line', PEM, 'now abcdefghij and klmnopqrst', 'now *** and ***'],
    ['the longer of two that begin alike', ['secret', 'secret-1'], 'secret-1 secret', '*** ***'],
    ['as it stands, whatever it would mean to a pattern', '.*(a+)$', 'x.*(a+)$y aaa', 'x***y aaa'],
  ])('%s', (_how, secret, said, kept) => {
    expect(maskOf([secret])(said)).toEqual(kept);
  });

  it('if it has at least six characters', () => {
    expect(maskOf(['short', 12_345, true, null])('short 12345 true null')).toBe(
      'short 12345 true null',
    );
  });

  it('whatever the secrets and wherever they stand', () => {
    const secret = fc
      .string({ minLength: 6, maxLength: 12 })
      .filter((text) => !'***'.includes(text) && !text.includes('*'));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.json(),
        fc.nat(3),
        (secrets, json, at) => {
          const one = secrets[at % secrets.length] ?? '';
          const said = { before: JSON.parse(json), [one]: [`<${one}>`, { deep: one }] };
          const kept = JSON.stringify(maskOf(secrets)(said));
          for (const each of secrets)
            expect(kept.includes(JSON.stringify(each).slice(1, -1))).toBe(false);
        },
      ),
    );
  });
});
