import { describe, expect, it } from 'vitest';
import { isHashOf, makeCredential, readCredential } from '../../src/secrets/credential.js';

describe('D42: the value of a key', () => {
  it.each(['API_KEY', 'VIRTUAL_KEY'] as const)('of the kind %s is read back', (kind) => {
    const { value, prefix, hash } = makeCredential(kind);
    expect(value).toMatch(kind === 'API_KEY' ? /^hdak_\w{50}$/ : /^hdvk_\w{50}$/);
    expect(value.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(17);
    expect(hash).not.toContain(value);
    expect(readCredential(value)).toEqual({ kind, prefix, hash });
  });

  it('is another each time, under the same prefix when it is rotated', () => {
    const all = Array.from({ length: 200 }, () => makeCredential('API_KEY'));
    expect(new Set(all.map(({ value }) => value)).size).toBe(200);
    expect(new Set(all.map(({ prefix }) => prefix)).size).toBe(200);
    const [{ prefix, hash }] = all as [(typeof all)[0]];
    const anew = makeCredential('API_KEY', prefix);
    expect(anew.prefix).toBe(prefix);
    expect(readCredential(anew.value)?.prefix).toBe(prefix);
    expect(anew.hash).not.toBe(hash);
  });

  it('is told from noise by its checksum: whichever letter is another', () => {
    const { value } = makeCredential('VIRTUAL_KEY');
    for (let at = 0; at < value.length; at += 1) {
      const other = value[at] === 'x' ? 'y' : 'x';
      expect(readCredential(value.slice(0, at) + other + value.slice(at + 1))).toBeNull();
    }
    for (const noise of ['', 'hdak_', ` ${value}`, `${value} `, `${value}0`, value.slice(0, -1)]) {
      expect(readCredential(noise)).toBeNull();
    }
  });

  it('has every letter in every place', () => {
    const values = Array.from({ length: 2_000 }, () =>
      makeCredential('API_KEY').value.slice(5, 49),
    );
    for (let at = 0; at < 44; at += 1) {
      expect(new Set(values.map((value) => value[at])).size).toBe(62);
    }
  });
});

it('a hash is compared with each that is kept, and with nothing', () => {
  const { hash } = makeCredential('API_KEY');
  const { hash: other } = makeCredential('API_KEY');
  expect(isHashOf(hash, [hash, null])).toBe(true);
  expect(isHashOf(hash, [other, hash])).toBe(true);
  expect(isHashOf(hash, [hash, other])).toBe(true);
  for (const kept of [
    [],
    [null],
    [other, null],
    [''],
    [hash.slice(2)],
    [`${hash}00`],
    ['no hash'],
  ]) {
    expect(isHashOf(hash, kept)).toBe(false);
  }
});
