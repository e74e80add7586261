import { request } from 'node:http';
import { createConnection } from 'node:net';
import { expect, test } from 'vitest';
import { SECURITY_HEADERS } from '../../src/http/security-headers.js';
import { start } from './support.js';

test('every answer tells a browser to make nothing of it', async () => {
  const { get, ask } = await start();
  const answers = [
    await ask('{ me }'),
    await ask('{ broken }'),
    await ask('{ me }', { token: 'expired' }),
    await get('/health'),
    await get('/nowhere'),
  ];
  for (const { headers } of answers) {
    for (const [name, value] of SECURITY_HEADERS) expect(headers.get(name), name).toBe(value);
  }
});

test('what is no request is answered so as well', async () => {
  const { url } = await start();
  const text = await new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.setEncoding('utf8').on('data', (part) => {
      said += part;
    });
    socket
      .on('close', () => resolve(said))
      .on('error', reject)
      .end('nonsense\r\n\r\n');
  });
  for (const [name, value] of SECURITY_HEADERS) expect(text).toContain(`${name}: ${value}\r\n`);
});

test('a page keeps its own policy', async () => {
  const { url } = await start();
  const policy = await new Promise((resolve) => {
    request(`${url}/graphql`, { headers: { accept: 'text/html' } }, (response) => {
      response.resume();
      resolve(response.headers['content-security-policy']);
    }).end();
  });
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
});
