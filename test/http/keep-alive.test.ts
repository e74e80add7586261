import { Agent, request } from 'node:http';
import { connect } from 'node:net';
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

it('16.7 a connection is not kept by empty lines', async () => {
  const { url } = await start({ limits: { headersMs: 100, requestMs: 200, keepAliveMs: 200 } });
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  let writing: NodeJS.Timeout | undefined;
  onTestFinished(() => {
    clearInterval(writing);
    socket.destroy();
  });
  let answers = 0;
  socket.on('data', (data) => {
    answers += String(data).includes('200 OK') ? 1 : 0;
    writing ??= setInterval(() => socket.write('\r\n'), 20);
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n');
  await closed;
  expect(answers).toBe(1);
}, 10_000);
