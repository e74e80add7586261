import { expect, test } from 'vitest';
import { createHealthCheck } from '../../src/http/health.js';
import { createLog } from '../../src/http/log.js';
import { SECRET, start } from './support.js';

test('healthy while the database answers, whoever asks', async () => {
  const { get } = await start();
  const { status, body, headers } = await get('/health', {
    headers: { authorization: 'Bearer expired' },
  });
  expect(status).toBe(200);
  expect(body).toEqual({ status: 'ok', ready: true });
  expect(headers.get('cache-control')).toBe('no-store');
});

test.each([
  ['says no', async () => false],
  [
    'fails',
    async () => {
      throw new Error(SECRET);
    },
  ],
  ['does not answer', () => new Promise<boolean>(() => {})],
])('unavailable when the ping %s', async (_, isHealthy) => {
  const { get } = await start({ isHealthy, limits: { healthMs: 20 } });
  const { status, body, text } = await get('/health');
  expect(status).toBe(503);
  expect(body).toEqual({ status: 'unavailable', ready: false, missing: ['database'] });
  expect(text).not.toContain('hunter2');
});

test('it recovers', async () => {
  let up = false;
  const { get } = await start({ isHealthy: async () => up });
  expect((await get('/health')).status).toBe(503);
  up = true;
  expect((await get('/health')).status).toBe(200);
});

test('many askers at once share one ping', async () => {
  let pings = 0;
  const check = createHealthCheck(
    {
      database: async () => {
        pings += 1;
        return true;
      },
    },
    1000,
    createLog('silent'),
  );
  await Promise.all([check(), check(), check()]);
  expect(pings).toBe(1);
  await check();
  expect(pings).toBe(2);
});

test('it is asked and not told', async () => {
  const { get } = await start();
  expect((await get('/health', { method: 'POST' })).status).toBe(405);
});
