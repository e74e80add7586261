import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rememberingTokens } from '../../src/identity/known-tokens.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';

const MINUTE = 60_000;
let verified: string[];
const verify = async (token: string) => {
  verified.push(token);
  if (token === 'bad') throw new Error('refused');
  const expiresAt = token === 'short' ? Date.now() + MINUTE : Number.POSITIVE_INFINITY;
  return { issuer: 'i', subject: token, verifiedEmail: null, expiresAt };
};

beforeEach(() => {
  verified = [];
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

it('D18: a token is verified once, until it ends', async () => {
  const known = rememberingTokens(verify, DEFAULT_LIMITS);
  expect((await known('short')).subject).toBe('short');
  expect((await known('short')).subject).toBe('short');
  expect(verified).toEqual(['short']);
  vi.setSystemTime(MINUTE);
  await known('short');
  expect(verified).toEqual(['short', 'short']);
});

it('and no longer than keys are used', async () => {
  const known = rememberingTokens(verify, DEFAULT_LIMITS);
  await known('long');
  vi.setSystemTime(DEFAULT_LIMITS.keysFreshMs - 1);
  await known('long');
  expect(verified).toEqual(['long']);
  vi.setSystemTime(DEFAULT_LIMITS.keysFreshMs);
  await known('long');
  expect(verified).toEqual(['long', 'long']);
});

it('one that is refused is refused each time', async () => {
  const known = rememberingTokens(verify, DEFAULT_LIMITS);
  await expect(known('bad')).rejects.toThrow('refused');
  await expect(known('bad')).rejects.toThrow('refused');
  expect(verified).toEqual(['bad', 'bad']);
});

it('keeps no more than so many bytes', async () => {
  const known = rememberingTokens(verify, { ...DEFAULT_LIMITS, tokenCacheBytes: 1_000 });
  for (const token of ['a', 'b', 'a']) await known(token);
  expect(verified).toEqual(['a', 'b', 'a']);
});
