import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { HeimdallClient } from '@heimdall/client';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createServer } from './server.js';
import type { Settings } from './settings.js';

const PATH = '/mcp';
const MOST_BYTES = 1_000_000;
/** So many requests are under way at most; each waits for the gateway, some for the end of a workflow. */
const MOST_AT_ONCE = 100;
const REQUEST_MS = 30_000;

/**
 * The streamable HTTP transport, without sessions: each request carries its caller's credential, and nothing is kept between two.
 *
 * INVARIANT: a request is asked of the gateway with its own `Authorization` and no other; the server has none.
 */
export function createHttp(settings: Settings): Server {
  let underWay = 0;
  const server = createHttpServer((request, response) => {
    const refusal = refusalOf(request, settings);
    if (refusal !== undefined) return refuse(response, ...refusal);
    if (underWay >= MOST_AT_ONCE) {
      return refuse(response, 503, 'too many requests at once', { 'retry-after': '1' });
    }
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    serve(request, response, settings).catch(() => {
      if (!response.headersSent) refuse(response, 500, 'something went wrong');
      else response.destroy();
    });
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.maxConnections = 10 * MOST_AT_ONCE;
  return server;
}

type Refusal = [status: number, message: string, headers?: Readonly<Record<string, string>>];

/**
 * What is wrong with a request before it is read.
 *
 * INVARIANT: no site asks through a browser: neither from a page of its own (Origin), nor by a name of its own that leads
 * here (Host, DNS rebinding).
 */
function refusalOf(request: IncomingMessage, settings: Settings): Refusal | undefined {
  const { host = '', origin, authorization } = request.headers;
  if (!settings.allowedHosts.includes(hostNameOf(host))) return [403, 'this host is not allowed'];
  if (origin !== undefined && !settings.allowedOrigins.includes(origin)) {
    return [403, 'this origin is not allowed'];
  }
  if (request.url?.split('?', 1)[0] !== PATH) return [404, `there is ${PATH} alone`];
  if (request.method !== 'POST') return [405, 'there is nothing but POST', { allow: 'POST' }];
  if (tokenOf(authorization) === undefined) {
    return [401, 'send Authorization: Bearer …', { 'www-authenticate': 'Bearer' }];
  }
  return undefined;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { url, waitSeconds }: Settings,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) return refuse(response, 413, 'the request is too large');
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return refuse(response, 400, 'the request is no JSON');
  }
  // One of them would be as many requests as it likes.
  if (Array.isArray(message)) return refuse(response, 400, 'send one message at a time');
  const token = tokenOf(request.headers.authorization);
  if (token === undefined) return refuse(response, 401, 'send Authorization: Bearer …');
  const client = new HeimdallClient({ url, token });
  const scope = request.headers['x-heimdall-scope'];
  if (scope !== undefined) client.setScope(String(scope));
  const server = createServer(client, waitSeconds);
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once('close', () => {
    void transport.close();
    void server.close();
  });
  // Its types are not written for exactOptionalPropertyTypes.
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  await transport.handleRequest(request, response, message);
}

/** Undefined: it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const tokenOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];

function hostNameOf(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const error = { jsonrpc: '2.0', error: { code: -32_000, message }, id: null };
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers })
    .end(JSON.stringify(error));
}
