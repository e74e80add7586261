import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createKeySource } from '../../src/identity/key-source.js';
import { createTokenVerifier, type TokenVerifier } from '../../src/identity/verify-token.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import {
  AUDIENCE,
  claims,
  ISSUER,
  type KeyPair,
  KeyServer,
  keyPair,
  rawToken,
  SECRET,
  secretKey,
  sign,
} from './tokens.js';

const refused = { name: 'DomainError', code: 'UNAUTHENTICATED' };
const now = () => Math.floor(Date.now() / 1000);
const bySecret = createTokenVerifier({
  kind: 'secret',
  secret: SECRET,
  issuer: ISSUER,
  audience: AUDIENCE,
});

describe('a token signed with the shared secret (D18)', () => {
  it('names its subject and, if verified, its email', async () => {
    expect(await bySecret(await sign(claims()))).toEqual({
      issuer: ISSUER,
      subject: 'ada',
      verifiedEmail: null,
      expiresAt: expect.any(Number),
    });
    const email = { email: 'Ada@Example.COM', email_verified: true };
    expect(await bySecret(await sign(claims(email)))).toMatchObject({
      verifiedEmail: 'ada@example.com',
    });
  });

  it.each([
    ['false', { email: 'ada@example.com', email_verified: false }],
    ['missing', { email: 'ada@example.com' }],
    ['the text "true"', { email: 'ada@example.com', email_verified: 'true' }],
    ['1', { email: 'ada@example.com', email_verified: 1 }],
    ['about no text', { email: ['ada@example.com'], email_verified: true }],
    ['about a control character', { email: 'ada@example.com\0', email_verified: true }],
  ])('has no verified email when email_verified is %s', async (_, changes) => {
    expect(await bySecret(await sign(claims(changes)))).toMatchObject({ verifiedEmail: null });
  });

  it('matches no email by a character that lower-cases to an ASCII one', async () => {
    const kelvin = { email: '\u212Aim@example.com', email_verified: true };
    const { verifiedEmail } = await bySecret(await sign(claims(kelvin)));
    expect(verifiedEmail).not.toBe('kim@example.com');
  });

  it('says nothing else: claims about authority are not even passed on', async () => {
    const boasting = claims({ roles: ['Owner'], isPlatformAdmin: true, organizationId: 'a' });
    expect(Object.keys(await bySecret(await sign(boasting)))).toEqual([
      'issuer',
      'subject',
      'verifiedEmail',
      'expiresAt',
    ]);
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example.com/' }],
    ['without issuer', { iss: undefined }],
    ['for another audience', { aud: 'other' }],
    ['without audience', { aud: undefined }],
    ['expired', { exp: now() - 60 }],
    ['without expiry', { exp: undefined }],
    ['with an expiry that is no number', { exp: 'never' }],
    ['not valid yet', { nbf: now() + 60 }],
    ['without subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that cannot be stored', { sub: 'ada\0' }],
    ['with half a character in its subject', { sub: 'ada\ud800' }],
    ['with a subject that is no text', { sub: 7 }],
    ['with an endless subject', { sub: 'a'.repeat(256) }],
  ])('is refused %s', async (_, changes) => {
    await expect(bySecret(await sign(claims(changes)))).rejects.toMatchObject(refused);
  });

  it('is taken a few seconds after its expiry: clocks differ', async () => {
    expect(await bySecret(await sign(claims({ exp: now() - 3 })))).toMatchObject({
      subject: 'ada',
    });
  });

  it('is refused unsigned, by whatever spelling of none', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expect(bySecret(rawToken({ alg }, claims()))).rejects.toMatchObject(refused);
    }
    await expect(bySecret(rawToken({}, claims()))).rejects.toMatchObject(refused);
  });

  it('is refused under another algorithm, key, type or critical extension', async () => {
    const long = new TextEncoder().encode(SECRET.repeat(3));
    const rsa = await keyPair('k', 'RS256');
    for (const token of [
      await sign(claims(), long, { alg: 'HS512' }),
      await sign(claims(), long),
      await sign(claims(), rsa.privateKey, { alg: 'RS256' }),
      await sign(claims(), secretKey, { alg: 'HS256', typ: 'logout+jwt' }),
      rawToken({ alg: 'HS256', crit: ['x'], x: 1 }, claims(), 'AAAA'),
    ]) {
      await expect(bySecret(token)).rejects.toMatchObject(refused);
    }
    const typed = await sign(claims(), secretKey, { alg: 'HS256', typ: 'at+jwt' });
    expect(await bySecret(typed)).toMatchObject({ subject: 'ada' });
  });

  it('is refused when a part was changed', async () => {
    const [header, , signature] = (await sign(claims())).split('.');
    const [, payload] = (await sign(claims({ sub: 'eve' }))).split('.');
    await expect(bySecret(`${header}.${payload}.${signature}`)).rejects.toMatchObject(refused);
    await expect(bySecret(`${header}.${payload}.`)).rejects.toMatchObject(refused);
  });

  it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d.e', '{}.{}.{}', '...'])(
    'is refused malformed: %j',
    async (token) => {
      await expect(bySecret(token)).rejects.toMatchObject(refused);
    },
  );

  it('is refused when it is too large, before anything of it is read', async () => {
    const token = await sign(claims({ filler: 'x'.repeat(8192) }));
    await expect(bySecret(token)).rejects.toMatchObject(refused);
  });
});

describe('a token signed with a key of an identity provider (D18)', () => {
  let server: KeyServer;
  let rsa: KeyPair;
  let verify: TokenVerifier;

  const signedBy = (key: KeyPair, changes = {}) =>
    sign(claims(changes), key.privateKey, { alg: key.alg, kid: key.kid });
  const verifier = (cooldownMs: number) =>
    createTokenVerifier(
      { kind: 'jwks', url: server.url, issuer: ISSUER, audience: AUDIENCE },
      { ...DEFAULT_LIMITS, keysCooldownMs: cooldownMs },
    );

  beforeAll(async () => {
    server = await KeyServer.start();
    rsa = await keyPair('rsa-1', 'RS256');
  });
  beforeEach(() => {
    server.keys = [rsa.publicJwk];
    server.requests = 0;
    verify = verifier(0);
  });
  afterAll(() => server.stop());

  it.each(['RS256', 'ES256', 'EdDSA'])('is taken under %s', async (alg) => {
    const key = await keyPair('key', alg);
    server.keys = [rsa.publicJwk, key.publicJwk];
    expect(await verify(await signedBy(key))).toMatchObject({ subject: 'ada' });
  });

  it.each(['ES384', 'PS256', 'RS512'])('is refused under %s', async (alg) => {
    const key = await keyPair('key', alg);
    server.keys = [key.publicJwk];
    await expect(verify(await signedBy(key))).rejects.toMatchObject(refused);
  });

  it('is refused when the public key was used as an HMAC secret', async () => {
    const { n = '' } = rsa.publicJwk;
    for (const text of [JSON.stringify(rsa.publicJwk), n]) {
      const key = new TextEncoder().encode(text);
      const token = await sign(claims(), key, { alg: 'HS256', kid: rsa.kid });
      await expect(verify(token)).rejects.toMatchObject(refused);
    }
    server.keys = [{ kty: 'oct', k: Buffer.from(secretKey).toString('base64url'), kid: 'oct' }];
    const token = await sign(claims(), secretKey, { alg: 'HS256', kid: 'oct' });
    await expect(verify(token)).rejects.toMatchObject(refused);
  });

  it('is refused when its header brings a key or an address of its own', async () => {
    const own = await keyPair('own', 'RS256');
    const { kid, ...jwk } = own.publicJwk;
    const forged = { alg: 'RS256', jwk, jku: 'http://127.0.0.1:1/', kid: rsa.kid };
    const token = await sign(claims(), own.privateKey, forged);
    await expect(verify(token)).rejects.toMatchObject(refused);
  });

  it('is refused by an unknown key, unsigned, and for another issuer', async () => {
    const stranger = await keyPair('stranger', 'RS256');
    await expect(verify(await signedBy(stranger))).rejects.toMatchObject(refused);
    await expect(verify(rawToken({ alg: 'none' }, claims()))).rejects.toMatchObject(refused);
    await expect(verify(await signedBy(rsa, { iss: 'x' }))).rejects.toMatchObject(refused);
  });

  it('follows a rotation of the keys, and drops the old key with it', async () => {
    const next = await keyPair('rsa-2', 'RS256');
    await verify(await signedBy(rsa));
    await expect(verify(await signedBy(next))).rejects.toMatchObject(refused);
    server.keys = [next.publicJwk];
    expect(await verify(await signedBy(next))).toMatchObject({ subject: 'ada' });
    await expect(verify(await signedBy(rsa))).rejects.toMatchObject(refused);
  });

  it('does not make the gateway fetch the keys again for each unknown key id', async () => {
    const calm = verifier(60_000);
    const stranger = await keyPair('stranger', 'RS256');
    await calm(await signedBy(rsa));
    for (let n = 0; n < 5; n += 1) {
      await expect(calm(await signedBy(stranger))).rejects.toMatchObject(refused);
    }
    expect(server.requests).toBe(1);
  });

  it('10.20 is nobody’s fault while the provider is out of reach, and still not taken', async () => {
    server.keys = null;
    await expect(verify(await signedBy(rsa))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('10.20 is taken by either of two keys without a name, and by no third', async () => {
    const [one, other, third] = await Promise.all(
      ['one', 'other', 'third'].map((kid) => keyPair(kid, 'RS256')),
    );
    if (!one || !other || !third) throw new Error('no keys');
    server.keys = [one, other].map(({ publicJwk: { kid: _, ...jwk } }) => jwk);
    const unnamed = (key: KeyPair, changes = {}) =>
      sign(claims(changes), key.privateKey, { alg: 'RS256' });
    for (const key of [one, other]) {
      expect(await verify(await unnamed(key))).toMatchObject({ subject: 'ada' });
      await expect(verify(await unnamed(key, { exp: 1 }))).rejects.toMatchObject(refused);
    }
    await expect(verify(await unnamed(third))).rejects.toMatchObject(refused);
  });
});

it('10.20 there are keys when the provider can be reached, before anybody has a token', async () => {
  const server = await KeyServer.start();
  onTestFinished(() => server.stop());
  const keys = createKeySource(
    { kind: 'jwks', url: server.url, issuer: ISSUER, audience: AUDIENCE },
    { ...DEFAULT_LIMITS, keysFreshMs: 50 },
  );
  expect(await keys.hasKeys()).toBe(true);
  server.keys = null;
  expect(await keys.hasKeys()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await expect(keys.hasKeys()).rejects.toThrow();
  server.keys = [];
  expect(await keys.hasKeys()).toBe(true);
});
