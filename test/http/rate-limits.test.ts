import { expect, onTestFinished, test, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { ANONYMOUS } from '../../src/policy/principal.js';
import { createRateLimits } from '../../src/shared/rate-limits.js';
import { MIA, start } from './support.js';

const PEOPLE = new Map(
  ['mia', 'max'].map((name) => [`Bearer ${name}`, { ...MIA, userId: name, label: name }]),
);

/** A server that knows two people and lets each of them ask so often. */
const starting = (limits: Partial<typeof DEFAULT_LIMITS>) => {
  const all = { ...DEFAULT_LIMITS, rateWindowSeconds: 3600, ...limits };
  return start({
    limits: all,
    rates: createRateLimits(all),
    authenticate: async (headers) => PEOPLE.get(headers.get('authorization') ?? '') ?? ANONYMOUS,
  });
};

test('a principal may ask so often, and others meanwhile', async () => {
  const { ask } = await starting({ principalRequests: 2 });
  for (const _ of [1, 2]) expect((await ask('{ me }', { token: 'mia' })).status).toBe(200);
  const { status, headers, body } = await ask('{ me }', { token: 'mia' });
  expect(status).toBe(429);
  const seconds = Number(headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(3000);
  expect(seconds).toBeLessThanOrEqual(3600);
  expect(body).toEqual({
    errors: [
      {
        message: 'too many requests: ask again later',
        extensions: { code: 'RATE_LIMITED', retryAfter: seconds },
      },
    ],
  });
  expect((await ask('{ me }', { token: 'max' })).body).toEqual({ data: { me: 'max' } });
  for (const _ of [1, 2, 3]) expect((await ask('{ me }')).status).toBe(200);
});

test('who was refused is served again once it is later', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { ask } = await starting({ principalRequests: 1, addressRequests: 2 });
  const status = async (token: string) => (await ask('{ me }', { token })).status;
  expect(await status('mia')).toBe(200);
  const refused = await ask('{ me }', { token: 'mia' });
  expect(refused.status).toBe(429);
  const ms = Number(refused.headers.get('retry-after')) * 1000;
  // The address is refused by now as well; a refusal does not prolong the wait.
  expect(await status('max')).toBe(429);
  vi.setSystemTime(Date.now() + ms - 2_000);
  expect(await status('mia')).toBe(429);
  vi.setSystemTime(Date.now() + 2_000);
  expect(await status('mia')).toBe(200);
  expect(await status('mia')).toBe(429);
});

test('an address may ask so often, whoever asks', async () => {
  const { ask, get } = await starting({ addressRequests: 2 });
  expect((await ask('{ me }', { token: 'mia' })).status).toBe(200);
  expect((await ask('{ me }', { token: 'max' })).status).toBe(200);
  expect((await ask('{ me }')).status).toBe(429);
  expect((await get('/graphql?query={me}')).status).toBe(429);
  expect((await get('/health')).status).toBe(200);
});

test('a header that anybody can write says nothing of the address', async () => {
  const { ask } = await starting({ addressRequests: 1 });
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  expect((await ask('{ me }', from('192.0.2.1'))).status).toBe(200);
  expect((await ask('{ me }', from('192.0.2.2'))).status).toBe(429);
});

test('behind a proxy the address is what the proxy has added, and nothing left of it', async () => {
  const { ask } = await starting({ addressRequests: 1, trustedProxies: 1 });
  const from = (said: string) => ask('{ me }', { headers: { 'x-forwarded-for': said } });
  expect((await from('192.0.2.1')).status).toBe(200);
  expect((await from('192.0.2.2')).status).toBe(200);
  expect((await from('192.0.2.9, 192.0.2.1')).status).toBe(429);
  // One network of IPv6 is one address.
  expect((await from('2001:db8::1')).status).toBe(200);
  expect((await from('2001:db8:0:0:ffff::2')).status).toBe(429);
  expect((await from('2001:db8:0:1::1')).status).toBe(200);
  // What is no address is the connection's own.
  expect((await from('nonsense')).status).toBe(200);
  expect((await from('other nonsense')).status).toBe(429);
});
