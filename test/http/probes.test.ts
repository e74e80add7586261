import { expect, test } from 'vitest';
import { start } from './support.js';

test('/livez says that the process answers, whatever else is away', async () => {
  const { get } = await start({ isHealthy: async () => false, isStopping: () => true });
  const { status, body, headers } = await get('/livez');
  expect([status, body]).toEqual([200, { status: 'ok', ready: true }]);
  expect(headers.get('cache-control')).toBe('no-store');
});

test.each([
  ['database', { isHealthy: async () => false }],
  ['keys', { hasKeys: async () => false }],
  ['migrations', { isMigrated: async () => false }],
])('/readyz says no without its %s', async (name, options) => {
  const { get } = await start(options);
  const { status, body } = await get('/readyz');
  expect(status).toBe(503);
  expect(body).toEqual({ status: 'unavailable', ready: false, missing: [name] });
});

test('/readyz says yes, until the gateway is told to stop; what comes meanwhile is answered', async () => {
  let isStopping = false;
  const { get, ask } = await start({ isStopping: () => isStopping, isMigrated: async () => true });
  expect((await get('/readyz')).body).toEqual({ status: 'ok', ready: true });
  expect((await ask('{ me }')).headers.get('connection')).not.toBe('close');
  isStopping = true;
  const { status, body } = await get('/readyz');
  expect([status, body]).toEqual([503, { status: 'stopping', ready: false }]);
  const answer = await ask('{ me }');
  expect(answer.body).toEqual({ data: { me: 'anonymous' } });
  expect(answer.headers.get('connection')).toBe('close');
});

test('probes are asked and not told', async () => {
  const { get } = await start();
  for (const path of ['/livez', '/readyz']) {
    expect((await get(path, { method: 'POST' })).status).toBe(405);
  }
});
