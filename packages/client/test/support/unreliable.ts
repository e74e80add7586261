import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { endpoint } from '../../../../interop/support/gateway.js';

/** What becomes of a request: it is answered, its answer is lost once the gateway has given it, or it is never answered. */
export type Fate = 'answer' | 'lose' | 'hold';

/** A network before the gateway, with the fate of each request in turn; afterwards it is a good one. */
export interface Unreliable {
  readonly url: string;
  /** The bodies and idempotency keys that came. */
  readonly came: { readonly body: string; readonly key: string | undefined }[];
  /** Is told when a request is held. */
  readonly held: Promise<void>;
}

export async function unreliable(...fates: readonly Fate[]): Promise<Unreliable> {
  const came: { body: string; key: string | undefined }[] = [];
  const { promise: held, resolve: hold } = withResolvers();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const fate = fates[came.length] ?? 'answer';
    came.push({ body, key: request.headers['idempotency-key'] as string | undefined });
    if (fate === 'hold') return hold();
    const sent = { method: 'POST', headers: headers as Record<string, string>, body };
    const answer = await fetch(endpoint, sent);
    const said = await answer.text();
    if (fate === 'lose') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(said);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, came, held };
}

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
