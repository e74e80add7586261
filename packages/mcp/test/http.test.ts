import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ALICE, FIONA, MIA, tokenOf } from '../../../interop/support/gateway.js';
import { settingsOf } from '../src/settings.js';
import { startHttp } from './connecting.js';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
}

/** Not by fetch, which sets Host itself. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
function send(url: string, sent: Sent = {}): Promise<{ status: number; body: any }> {
  const { headers = {}, method = 'POST', path = '/mcp', body = JSON.stringify(LIST) } = sent;
  const all = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, headers: all }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await json(response) });
    });
    asked.once('error', reject);
    asked.end(method === 'POST' ? body : undefined);
  });
}

describe('the server over HTTP', () => {
  it('asks with the credential of each request, and has none of its own', async () => {
    // A token in its environment is not its to use here.
    const url = await startHttp({ HEIMDALL_TOKEN: await tokenOf(ALICE) });
    expect((await send(url)).status).toBe(401);
    const basic = { authorization: 'Basic YTpi' };
    expect((await send(url, { headers: basic })).status).toBe(401);
    const toolsFor = async (email: string) => {
      const headers = { authorization: `Bearer ${await tokenOf(email)}` };
      const { status, body } = await send(url, { headers });
      expect(status).toBe(200);
      return body.result.tools.map(({ name }: { name: string }) => name).sort();
    };
    const [mia, fiona, again] = [await toolsFor(MIA), await toolsFor(FIONA), await toolsFor(MIA)];
    expect(mia).toEqual(again);
    expect(mia).not.toEqual(fiona);
  });

  it('acts at the place that a request names, and nowhere that its caller may not', async () => {
    const url = await startHttp();
    const authorization = `Bearer ${await tokenOf(MIA)}`;
    const headers = { authorization, 'x-heimdall-scope': 'global' };
    const globally = await send(url, { headers });
    const own = await send(url, { headers: { authorization } });
    expect(globally.body.result.tools.length).toBeLessThan(own.body.result.tools.length);
    const strange = await send(url, { headers: { authorization, 'x-heimdall-scope': 'nowhere' } });
    expect(strange.body.error.message).toContain('SCOPE_FORBIDDEN');
  });

  it('takes no other host and no page of any origin but those that are allowed', async () => {
    const url = await startHttp({ HEIMDALL_MCP_ALLOWED_ORIGINS: 'https://chat.example' });
    const authorization = `Bearer ${await tokenOf(MIA)}`;
    const statusOf = async (headers: Record<string, string>) =>
      (await send(url, { headers: { authorization, ...headers } })).status;
    const { port } = new URL(url);
    expect(await statusOf({ host: `localhost:${port}` })).toBe(200);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', ' ']) {
      expect([host, await statusOf({ host })]).toEqual([host, 403]);
    }
    expect(await statusOf({ origin: 'https://chat.example' })).toBe(200);
    for (const origin of [
      'https://evil.example',
      'null',
      url,
      'https://chat.example.evil.example',
    ]) {
      expect([origin, await statusOf({ origin })]).toEqual([origin, 403]);
    }
  });

  it('is bounded', async () => {
    const url = await startHttp();
    const headers = { authorization: `Bearer ${await tokenOf(MIA)}` };
    const large = JSON.stringify({ ...LIST, params: { pad: 'x'.repeat(1_000_000) } });
    expect((await send(url, { headers, body: large })).status).toBe(413);
    const many = JSON.stringify(Array.from({ length: 100 }, () => LIST));
    expect((await send(url, { headers, body: many })).status).toBe(400);
    expect((await send(url, { headers, body: '{' })).status).toBe(400);
    expect((await send(url, { headers, method: 'GET' })).status).toBe(405);
    expect((await send(url, { headers, path: '/' })).status).toBe(404);
    expect((await send(url, { headers })).status).toBe(200);
  });
});

describe('settings', () => {
  it('are refused by their names', () => {
    expect(settingsOf({}).port).toBe(4100);
    expect(() => settingsOf({ HEIMDALL_URL: 'nowhere' })).toThrow('HEIMDALL_URL');
    expect(() => settingsOf({ HEIMDALL_MCP_PORT: '-1' })).toThrow('HEIMDALL_MCP_PORT');
    expect(() => settingsOf({ HEIMDALL_MCP_WAIT_SECONDS: '31' })).toThrow('WAIT_SECONDS');
  });
});
