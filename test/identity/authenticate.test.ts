import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate, type IdentityDeps } from '../../src/identity/authenticate.js';
import { KnownPrincipals } from '../../src/identity/known-principals.js';
import { createTokenVerifier } from '../../src/identity/verify-token.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { ANONYMOUS } from '../../src/policy/principal.js';
import { freshDatabase } from '../support/database.js';
import { People } from './people.js';
import { AUDIENCE, claims, ISSUER, SECRET, sign } from './tokens.js';

const refused = { name: 'DomainError', code: 'UNAUTHENTICATED' };
let database: Awaited<ReturnType<typeof freshDatabase>>;
let deps: IdentityDeps;
let people: People;
let organization: string;
let user: { id: string; email: string };
let subject: string;

beforeAll(async () => {
  database = await freshDatabase();
  people = new People(database.client);
  deps = {
    client: database.client,
    verifyToken: createTokenVerifier({
      kind: 'secret',
      secret: SECRET,
      issuer: ISSUER,
      audience: AUDIENCE,
    }),
    principals: new KnownPrincipals(database.client, DEFAULT_LIMITS),
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  organization = await people.organization();
  user = await people.user(organization);
  subject = randomUUID();
});

const ask = (authorization: string) => authenticate(new Headers({ authorization }), deps);
const comeWith = async (changes: Record<string, unknown>) =>
  ask(`Bearer ${await sign(claims({ sub: subject, ...changes }))}`);
const verified = (email = user.email) => ({ email, email_verified: true });
const bind = () =>
  database.client.userIdentity.create({ data: { userId: user.id, issuer: ISSUER, subject } });
const identities = () =>
  database.client.userIdentity.findMany({ where: { userId: user.id }, select: { subject: true } });

describe('who asks (D18)', () => {
  it('is anonymous without a credential', async () => {
    expect(await authenticate(new Headers(), deps)).toBe(ANONYMOUS);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic dXNlcjpwYXNz',
    'a.b.c',
    'Bearer a',
    'Bearer a.b',
    'Bearer a.b.c',
    'Bearer a.b.c.d',
    'Bearer a.b.c, Bearer a.b.c',
    'Bearer null',
  ])('is refused, never anonymous, with %j', async (header) => {
    await expect(ask(header)).rejects.toMatchObject(refused);
  });

  it('is the user whom the issuer’s subject names', async () => {
    await bind();
    expect(await comeWith({})).toMatchObject({ kind: 'USER', userId: user.id });
    const token = await sign(claims({ sub: subject }));
    expect(await ask(`bearer  ${token}`)).toMatchObject({ userId: user.id });
  });

  it('is that user whatever email and whatever rights the token claims', async () => {
    await bind();
    const other = await people.user(await people.organization(), { isPlatformAdmin: true });
    const boast = { isPlatformAdmin: true, organizationId: other.organizationId, roles: ['Owner'] };
    expect(await comeWith({ ...verified(other.email), ...boast })).toMatchObject({
      userId: user.id,
      organizationId: organization,
      isPlatformAdmin: false,
      roles: [],
    });
  });

  it('is refused with an expired token of a known user', async () => {
    await bind();
    await expect(comeWith({ exp: 1 })).rejects.toMatchObject(refused);
  });

  it('is refused from the next request on, once the user or organization is inactive', async () => {
    await bind();
    const { client } = database;
    await comeWith({});
    await client.user.update({ where: { id: user.id }, data: { isActive: false } });
    await expect(comeWith(verified())).rejects.toMatchObject(refused);
    await client.user.update({ where: { id: user.id }, data: { isActive: true } });
    await comeWith({});
    await client.organization.update({ where: { id: organization }, data: { isActive: false } });
    await expect(comeWith(verified())).rejects.toMatchObject(refused);
  });

  it('is refused with the same words for every reason', async () => {
    const messages = await Promise.all(
      [comeWith({}), comeWith({ exp: 1 }), ask('Basic x'), ask('Bearer a.b.c')].map((answer) =>
        answer.catch((error: Error) => error.message),
      ),
    );
    expect(new Set(messages).size).toBe(1);
  });
});

describe('the first contact (D18)', () => {
  it('binds a verified email to its user, once and for all', async () => {
    const shouted = verified(user.email.toUpperCase());
    expect(await comeWith(shouted)).toMatchObject({ userId: user.id });
    expect(await identities()).toEqual([{ subject }]);
    expect(await comeWith({})).toMatchObject({ userId: user.id });
  });

  it.each([
    ['unverified', { email_verified: false }],
    ['verified by hearsay', { email_verified: 'true' }],
    ['not said to be verified', { email_verified: undefined }],
  ])('binds no email that is %s', async (_, changes) => {
    await expect(comeWith({ ...verified(), ...changes })).rejects.toMatchObject(refused);
    expect(await identities()).toEqual([]);
  });

  it('binds nobody to an unknown email, or to one that is a pattern', async () => {
    await expect(comeWith(verified('nobody@example.com'))).rejects.toMatchObject(refused);
    const pattern = user.email.replace('@', '_');
    await expect(comeWith(verified(pattern))).rejects.toMatchObject(refused);
    await expect(comeWith(verified('%@example.com'))).rejects.toMatchObject(refused);
  });

  it('never binds a user anew or a second time', async () => {
    await comeWith(verified());
    const first = subject;
    subject = randomUUID();
    await expect(comeWith(verified())).rejects.toMatchObject(refused);
    expect(await identities()).toEqual([{ subject: first }]);
  });

  it('binds no inactive user, and nobody of an inactive organization', async () => {
    const { client } = database;
    await client.user.update({ where: { id: user.id }, data: { isActive: false } });
    await expect(comeWith(verified())).rejects.toMatchObject(refused);
    await client.user.update({ where: { id: user.id }, data: { isActive: true } });
    await client.organization.update({ where: { id: organization }, data: { isActive: false } });
    await expect(comeWith(verified())).rejects.toMatchObject(refused);
    expect(await identities()).toEqual([]);
  });

  it('of the same token many times at once binds once and answers all', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => comeWith(verified())));
    expect(answers.map(({ userId }) => userId)).toEqual(Array(8).fill(user.id));
    expect(await identities()).toEqual([{ subject }]);
  });

  it('of many subjects at once binds one of them', async () => {
    const subjects = Array.from({ length: 8 }, () => randomUUID());
    const answers = await Promise.allSettled(
      subjects.map((sub) => comeWith({ ...verified(), sub })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await identities()).toHaveLength(1);
  });
});
