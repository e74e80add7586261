import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

export const SECRET = 'a-shared-secret-for-the-tests-only';
export const ISSUER = 'https://login.example.com/';
export const AUDIENCE = 'heimdall';
export const secretKey = new TextEncoder().encode(SECRET);

type SigningKey = Parameters<SignJWT['sign']>[0];

export interface KeyPair {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: SigningKey;
  readonly publicJwk: JWK;
}

export async function keyPair(kid: string, alg: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

/** Good claims of now; tests spoil them one at a time. A claim that is undefined is left out. */
export function claims(changes: Record<string, unknown> = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 60, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export function sign(
  payload: JWTPayload,
  key: SigningKey = secretKey,
  header: JWTHeaderParameters = { alg: 'HS256' },
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

/** A token whose three parts are what is given, whether that makes sense or not. */
export function rawToken(header: object, payload: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** A JWKS endpoint on a real port; `keys` is what it answers now, null for a failure. */
export class KeyServer {
  keys: readonly JWK[] | null = [];
  requests = 0;
  readonly url: URL;
  private readonly server: Server;

  private constructor(server: Server, url: URL) {
    this.server = server;
    this.url = url;
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const started = new KeyServer(server, new URL(`http://127.0.0.1:${port}/jwks.json`));
    server.on('request', (_, response) => {
      started.requests += 1;
      if (started.keys === null) response.writeHead(503).end();
      else response.end(JSON.stringify({ keys: started.keys }));
    });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
