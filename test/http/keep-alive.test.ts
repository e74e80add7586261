import { Agent, request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { start } from './support.js';

it('10.19 a connection is kept for longer than load balancers keep theirs', () => {
  expect(DEFAULT_LIMITS.keepAliveMs).toBeGreaterThan(60_000);
});

it('10.19 a kept connection is not ended by the time that headers have', async () => {
  const { url } = await start({ limits: { headersMs: 100, requestMs: 200, keepAliveMs: 5_000 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = () =>
    new Promise<string>((answered, failed) => {
      const asked = request(`${url}/health`, { agent }, (response) => {
        response.resume();
        response.once('end', () => answered(`${response.statusCode} ${asked.reusedSocket}`));
      });
      asked.once('error', failed).end();
    });
  expect(await ask()).toBe('200 false');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await ask()).toBe('200 true');
});
