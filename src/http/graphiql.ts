import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EXAMPLE_TABS, type GraphiqlTab, HEADERS_HINT } from './example-tabs.js';
import { withPersonPicker } from './person-picker.js';

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

/**
 * INVARIANT: the page loads nothing and sends nothing anywhere but here: all of its code is in it
 * (`unsafe-inline`), Monaco's workers are blobs, and it may be framed by nobody.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly etag: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

/** Whether a browser wants the page rather than a client the answer to a query. */
export function wantsGraphiql(request: IncomingMessage): boolean {
  return request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
}

/** Serves GraphiQL from this process alone. The page has 9 MB, so it is made once, when first asked for. */
export function createGraphiql(
  options: GraphiqlOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let made: Promise<Page> | undefined;
  return async (request, response) => {
    made ??= makePage(options);
    const { etag, plain, zipped } = await made;
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'accept, accept-encoding');
    response.setHeader('etag', etag);
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    const zips = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    if (zips) response.setHeader('content-encoding', 'gzip');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(zips ? zipped : plain);
  };
}

async function makePage({
  tabs = EXAMPLE_TABS,
  headers = HEADERS_HINT,
  picker = false,
}: GraphiqlOptions) {
  // Loaded here because parsing it would make every start slower.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Heimdall',
    defaultHeaders: headers,
    defaultTabs: tabs.map(({ query, variables }) => ({
      query,
      headers,
      variables: variables ?? null,
    })),
    defaultEditorToolsVisibility: 'headers',
  });
  const plain = Buffer.from(picker ? withPersonPicker(html) : html);
  return {
    etag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
    plain,
    zipped: await promisify(gzip)(plain),
  };
}
