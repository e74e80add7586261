import { request } from 'node:http';
import { expect, test } from 'vitest';
import { accessLine, SECRET, start } from './support.js';

test('a request without a credential is made by ANONYMOUS', async () => {
  const { ask } = await start();
  expect((await ask('{ me }')).body).toEqual({ data: { me: 'anonymous' } });
});

test('a good credential names the principal', async () => {
  const { ask } = await start();
  expect((await ask('{ me }', { token: 'mia' })).body).toEqual({
    data: { me: 'mia@acme.example' },
  });
});

test.each([
  ['POST', {}],
  ['POST', { accept: 'application/graphql-response+json' }],
  ['POST', { accept: 'text/event-stream' }],
  ['GET', {}],
])('a refused credential is 401 in GraphQL shape: %s %o', async (method, headers) => {
  const { get } = await start();
  const answer = await get(method === 'GET' ? '/graphql?query={me}' : '/graphql', {
    method,
    headers: { ...headers, authorization: 'Bearer expired', 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{"query":"{ me }"}' }),
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.body).toEqual({
    errors: [
      {
        message: 'the credential is missing or not valid',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
  });
});

test('the log has the reason of a refusal, the caller has not', async () => {
  const running = await start();
  const answer = await running.ask('{ me }', { token: 'expired' });
  expect(answer.text).not.toContain('timestamp');
  const line = running.logged.find(({ msg }) => msg === 'credential refused');
  expect(line.reason).toContain('timestamp');
  expect(JSON.stringify(running.logged)).not.toContain('Bearer');
});

test('a credential is refused before the body is looked at', async () => {
  const { get } = await start();
  const headers = { authorization: 'Bearer expired', 'content-type': 'text/plain' };
  const { status } = await get('/graphql', { method: 'POST', headers, body: '{' });
  expect(status).toBe(401);
});

test('two credentials name nobody', async () => {
  const { url } = await start();
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${url}/graphql?query={me}`, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.setHeader('authorization', ['Bearer mia', 'Bearer mia']);
    sent.end();
  });
  expect(status).toBe(401);
});

test('an identity provider out of reach is not the fault of the credential', async () => {
  const running = await start();
  const { status, body, text } = await running.ask('{ me }', { token: 'out-of-reach' });
  expect(status).toBe(500);
  expect(text).not.toContain(SECRET);
  const { id } = body.errors[0].extensions;
  expect(running.logged.find((line) => line.id === id).error.message).toBe(SECRET);
  expect((await accessLine(running)).status).toBe(500);
});

test('a refused scope header is an ordinary GraphQL error', async () => {
  const { ask } = await start();
  const refusal = {
    errors: [{ message: 'you cannot act in this scope', extensions: { code: 'SCOPE_FORBIDDEN' } }],
  };
  const plain = await ask('{ me }', { headers: { 'x-heimdall-scope': 'x' } });
  expect(plain).toMatchObject({ status: 200, body: refusal });
  expect(plain.body).toEqual(refusal);
  const accept = 'application/graphql-response+json';
  const exact = await ask('{ me }', { headers: { 'x-heimdall-scope': 'x', accept } });
  expect(exact).toMatchObject({ status: 403, body: refusal });
});

test('answers are kept by no cache', async () => {
  const { ask } = await start();
  expect((await ask('{ me }')).headers.get('cache-control')).toBe('no-store');
  const refused = await ask('{ me }', { token: 'expired' });
  expect(refused.headers.get('cache-control')).toBe('no-store');
});

test('no other site may read an answer', async () => {
  const { get } = await start();
  const answer = await get('/graphql', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
