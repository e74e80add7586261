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

  const JWT_LIKE = '>>>a secret??? øæå';
  const inBase64 = (text: string, how: 'base64' | 'base64url') => Buffer.from(text).toString(how);

  it.each(['base64', 'base64url'] as const)('as %s has it, alone and in something else', (how) => {
    const mask = maskOf([JWT_LIKE]);
    expect(mask(`is ${inBase64(JWT_LIKE, how)}`)).toMatch(/^is \*\*\*=*$/);
    for (const before of ['', 'u', 'u:', 'us:', 'use:']) {
      for (const after of ['', '!', '!!', '!!!']) {
        const kept = mask(inBase64(`${before}${JWT_LIKE}${after}`, how));
        expect(kept).toContain('***');
        // At most its first and its last byte have bits in what stays.
        const rest = kept
          .split('***')
          .map((part) => Buffer.from(part, 'base64').toString('latin1'));
        expect(rest.join('').length).toBeLessThanOrEqual(before.length + after.length + 4);
        expect(rest.join('')).not.toContain('a s');
      }
    }
  });

  it('however large it is, and whatever is in it', () => {
    const line = (n: number) => `${n} .*+?()[]{}|\\^$ \u4e2d${String(n * 7919).repeat(8)}`;
    const lines = Array.from({ length: 300 }, (_, n) => line(n));
    const whole = lines.join('\n');
    const blob = '(a+)$'.repeat(13_000);
    const mask = maskOf([whole, blob]);
    for (const said of [...lines, whole, blob, JSON.stringify(whole)]) {
      expect(mask({ said: `<${said}>` })).toEqual({
        said: said.startsWith('"') ? '<"***">' : '<***>',
      });
    }
    expect(mask('something else')).toBe('something else');
  });

  it('and where that is too much to look for, nothing is kept', () => {
    const mask = maskOf([Array.from({ length: 2_001 }, (_, n) => `secret ${n}`)]);
    expect([mask({ a: ['b'] }), mask('c'), mask(1), mask(undefined)]).toEqual([
      ...['***', '***', '***', undefined],
    ]);
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
