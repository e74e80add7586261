import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, demoKey, generateKey } from '../../src/secrets/keyring.js';

const key = (id: string, byte: number) => ({ id, bytes: Buffer.alloc(32, byte) });
const ring = createKeyring([key('new', 1), key('old', 2)]);
const old = createKeyring([key('old', 2)]);
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code ?? 'other';
  }
};

describe('D16: an envelope', () => {
  it('is opened by what it is about, and any text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
        expect(ring.open(ring.seal(text, about), about)).toBe(text);
      }),
    );
  });

  it('names the newest key, and is another each time', () => {
    const [one, two] = [ring.seal('secret', 'a'), ring.seal('secret', 'a')];
    expect(one).toMatch(/^v1\.new\.[A-Za-z0-9_-]+$/);
    expect(one).not.toBe(two);
  });

  it('of an older key is opened as long as that is configured', () => {
    const envelope = old.seal('secret', 'a');
    expect(ring.open(envelope, 'a')).toBe('secret');
    expect(codeOf(() => createKeyring([key('new', 1)]).open(envelope, 'a'))).toBe(
      'SECRET_KEY_MISSING',
    );
    expect(() => createKeyring([key('new', 1)]).open(envelope, 'a')).toThrow(/its key old is not/);
  });

  it('is opened for nothing else, under no other name of its key, and not if it was changed anywhere', () => {
    const envelope = ring.seal('a secret', 'a');
    expect(() => ring.open(envelope, 'b')).toThrow();
    const renamed = createKeyring([key('other', 1)]);
    expect(() => renamed.open(envelope.replace('.new.', '.other.'), 'a')).toThrow();
    const [head = '', body = ''] = [envelope.slice(0, 7), envelope.slice(7)];
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => ring.open(head + changed.toString('base64url'), 'a')).toThrow();
      expect(() => ring.open(head + bytes.subarray(0, at).toString('base64url'), 'a')).toThrow();
    }
  });

  it('is not made without a key', () => {
    expect(codeOf(() => createKeyring([]).seal('secret', 'a'))).toBe('SECRET_KEY_MISSING');
  });
});

it('knows a text again by each of its keys, the newest first, and tells nothing of it', () => {
  const [newest, former, ...none] = ring.fingerprints('a text');
  expect(none).toEqual([]);
  expect(ring.fingerprints('a text')).toEqual([newest, former]);
  expect(old.fingerprints('a text')).toEqual([former]);
  expect(ring.fingerprints('another')).not.toContain(newest);
  expect(createKeyring([]).fingerprints('a text')).toEqual([]);
});

it('prints no key', () => {
  const printed = inspect([ring, createKeyring([demoKey('the secret of the demo')])], {
    depth: 9,
    showHidden: true,
  });
  expect(printed).not.toMatch(/01 01 01|AQEB|the secret/);
});

it('makes keys that are each another and are named by the day', () => {
  const made = [1, 2, 3].map(() => generateKey(new Date('2026-11-26T10:00:00Z')));
  expect(new Set(made).size).toBe(3);
  for (const one of made) expect(one).toMatch(/^k20261126-[0-9a-f]{6}:[A-Za-z0-9_-]{43}$/);
});
