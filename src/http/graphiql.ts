import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EXAMPLE_TABS, HEADERS_HINT } from './example-tabs.js';
import { type Asset, type GraphiqlFiles, makeGraphiqlFiles } from './graphiql-assets.js';
import type { GraphiqlTab } from './graphiql-tab.js';
import { pickerScript } from './person-picker.js';

/**
 * What GraphiQL opens with on a first visit; later it remembers its own tabs.
 *
 * INVARIANT: the page is sent to anybody who asks, so nothing here may be a credential.
 */
export interface GraphiqlOptions {
  readonly tabs?: readonly GraphiqlTab[];
  /** The text of the headers pane of new tabs: JSON, in which comments are allowed. */
  readonly headers?: string;
  /** Has a bar in which to choose who asks. */
  readonly picker?: boolean;
}

/** Serves GraphiQL. */
export interface Graphiql {
  /** The page itself. */
  page(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** What the page loads; false where there is no such file. */
  asset(name: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/**
 * INVARIANT: the page loads nothing and sends nothing anywhere but here, runs no script and takes no style that stands in
 * it but by the nonce of its response, and may be framed by nobody.
 */
const policyOf = (styles: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    `style-src 'self' ${styles}`.trim(),
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Whether a browser wants the page rather than a client the answer to a query. */
export function wantsGraphiql(request: IncomingMessage): boolean {
  return request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
}

/**
 * Serves GraphiQL from this process alone. It has 9 MB: they are compressed once, when first asked for,
 * and a browser keeps them until they change.
 */
export function createGraphiql(
  { tabs = EXAMPLE_TABS, headers = HEADERS_HINT, picker = false }: GraphiqlOptions,
  pathPrefix: string,
): Graphiql {
  let made: Promise<GraphiqlFiles> | undefined;
  const files = () => {
    const options = {
      title: 'Heimdall',
      endpoint: `${pathPrefix}/graphql`,
      defaultHeaders: headers,
      defaultTabs: tabs.map(({ query, variables }) => ({
        query,
        headers,
        variables: variables ?? null,
      })),
      defaultEditorToolsVisibility: 'headers',
    };
    const script = picker ? pickerScript(pathPrefix) : null;
    made ??= makeGraphiqlFiles(`${pathPrefix}/graphiql`, options, script);
    return made;
  };
  return {
    async page(_, response) {
      const { page } = await files();
      const nonce = randomBytes(16).toString('base64');
      const text = page(nonce);
      response.setHeader('content-security-policy', policyOf(`'nonce-${nonce}'`));
      response.setHeader('cache-control', 'no-store');
      response.setHeader('vary', [response.getHeader('vary') ?? [], 'accept'].flat().join(', '));
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.writeHead(200, { 'content-length': Buffer.byteLength(text) }).end(text);
    },
    async asset(name, request, response) {
      const asset = (await files()).assets.get(name);
      if (asset === undefined) return false;
      // A worker is held to the policy of its own file.
      response.setHeader('content-security-policy', policyOf(''));
      response.setHeader('cache-control', 'public, max-age=31536000, immutable');
      await send(asset, request, response);
      return true;
    },
  };
}

async function send(
  asset: Asset,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader(
    'vary',
    [response.getHeader('vary') ?? [], 'accept-encoding'].flat().join(', '),
  );
  response.setHeader('etag', asset.etag);
  if (request.headers['if-none-match'] === asset.etag) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('content-type', asset.type);
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = (['br', 'gzip'] as const).find((name) => accepts(accepted, name));
  if (encoding === undefined) {
    response.writeHead(200);
    if (request.method === 'HEAD') return void response.end();
    const unzip = createGunzip();
    unzip.end(asset.gzip);
    return pipeline(unzip, response);
  }
  response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', asset[encoding].length);
  response.writeHead(200).end(asset[encoding]);
}

function accepts(accepted: string, encoding: string): boolean {
  return accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .some(
      (part) => part === encoding || (part.startsWith(`${encoding};`) && !/q=0(\.0*)?$/.test(part)),
    );
}
