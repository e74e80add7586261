import {
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
  isNonNullType,
  isRequiredArgument,
} from 'graphql';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { refusals } from '../support/answers.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const closing = await world.organization('closing');
  return {
    ...{ a, closing },
    user: await world.user(a),
    leaving: await world.user(a, 'leaving'),
    ofClosing: await world.user(closing, 'of closing'),
  };
});
const { ask } = shared;

interface Claims {
  readonly sub?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly exp?: number;
  readonly [claim: string]: unknown;
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

function sign(claims: Claims, secret = SECRET, alg = 'HS256'): Promise<string> {
  const all = { iss: ISSUER, aud: AUDIENCE, exp: inAnHour(), ...claims };
  return new SignJWT(all).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

const VIEWER = '{ viewer { principal { kind userId } isPlatformAdmin } }';
const withToken = (token: string) => ask(null, VIEWER, {}, { authorization: `Bearer ${token}` });
const subjectOf = ({ email }: { email: string }) => `dev|${email}`;
const REFUSED = {
  status: 401,
  data: null,
  errors: [
    {
      message: 'the credential is missing or not valid',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
  withheld: [],
};

describe('D18: a token', () => {
  it('that is good names its user', async () => {
    const { data } = await withToken(await sign({ sub: subjectOf(shared.w.user) }));
    expect(data.viewer.principal).toEqual({ kind: 'USER', userId: shared.w.user.id });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['expired', () => sign({ sub: subjectOf(shared.w.user), exp: 1_700_000_000 })],
    ['signed with another secret', () => sign({ sub: subjectOf(shared.w.user) }, `${SECRET}!`)],
    ['of another issuer', () => sign({ sub: subjectOf(shared.w.user), iss: 'another' })],
    ['for another audience', () => sign({ sub: subjectOf(shared.w.user), aud: 'another' })],
    ['signed by another algorithm', () => sign({ sub: subjectOf(shared.w.user) }, SECRET, 'HS512')],
    ['without a subject', () => sign({})],
    ['of a subject that nobody is', () => sign({ sub: 'dev|nobody@example.com' })],
    ['malformed', () => 'a.b.c'],
    ['no token at all', () => 'nonsense'],
    [
      'unsigned',
      () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const claims = { iss: ISSUER, aud: AUDIENCE, exp: inAnHour() };
        return `${part({ alg: 'none' })}.${part({ ...claims, sub: subjectOf(shared.w.user) })}.`;
      },
    ],
  ])('that is %s is refused with one and the same 401', async (_what, token) => {
    expect(await withToken(await token())).toEqual(REFUSED);
  });

  it('in another scheme is refused, never read as nobody', async () => {
    for (const authorization of ['Basic dXNlcjpwYXNz', 'Bearer', '', 'Bearer a b']) {
      expect(await ask(null, '{ __typename }', {}, { authorization })).toEqual(REFUSED);
    }
  });

  it('gives no authority by its claims', async () => {
    const claims = { isPlatformAdmin: true, roles: ['Owner'], organizationId: shared.w.closing.id };
    const { data } = await withToken(await sign({ sub: subjectOf(shared.w.user), ...claims }));
    expect(data.viewer.isPlatformAdmin).toBe(false);
  });

  it('at first contact binds an unbound user by a verified email', async () => {
    const { client } = shared.world;
    const newcomer = { name: 'new', email: 'new@example.com', organizationId: shared.w.a.id };
    const { id } = await client.user.create({ data: newcomer });
    const email = 'New@Example.com';
    expect(await withToken(await sign({ sub: 's1', email }))).toEqual(REFUSED);
    expect(await withToken(await sign({ sub: 's1', email, email_verified: 'true' }))).toEqual(
      REFUSED,
    );
    const bound = await withToken(await sign({ sub: 's1', email, email_verified: true }));
    expect(bound.data.viewer.principal.userId).toBe(id);
    // From now on the subject is who it is, and the email binds nobody else.
    expect((await withToken(await sign({ sub: 's1' }))).data.viewer.principal.userId).toBe(id);
    expect(await withToken(await sign({ sub: 's2', email, email_verified: true }))).toEqual(
      REFUSED,
    );
  });
});

describe('D18: at the next request', () => {
  it('an inactive user is refused', async () => {
    const { leaving } = shared.w;
    const set = (isActive: boolean) =>
      shared.world.client.user.update({ where: { id: leaving.id }, data: { isActive } });
    expect((await ask(leaving.email, VIEWER)).status).toBe(200);
    await set(false);
    expect(await ask(leaving.email, VIEWER)).toEqual(REFUSED);
    await set(true);
    expect((await ask(leaving.email, VIEWER)).status).toBe(200);
  });

  it('so is everybody of an inactive organization', async () => {
    const { closing, ofClosing } = shared.w;
    const set = (isActive: boolean) =>
      shared.world.client.organization.update({ where: { id: closing.id }, data: { isActive } });
    expect((await ask(ofClosing.email, VIEWER)).status).toBe(200);
    await set(false);
    expect(await ask(ofClosing.email, VIEWER)).toEqual(REFUSED);
    await set(true);
    expect((await ask(ofClosing.email, VIEWER)).status).toBe(200);
  });

  it('what a role gives is there or gone', async () => {
    const { a, user } = shared.w;
    const source = '{ organizations { totalCount } viewer { roles hasRole(name: "Member") } }';
    const none = { organizations: { totalCount: 0 }, viewer: { roles: [], hasRole: false } };
    expect((await ask(user.email, source)).data).toEqual(none);
    await shared.world.hold(user, SYSTEM.Member, a);
    expect((await ask(user.email, source)).data).toEqual({
      organizations: { totalCount: 1 },
      viewer: { roles: ['Member'], hasRole: true },
    });
    await shared.world.client.membership.deleteMany({ where: { userId: user.id } });
    expect((await ask(user.email, source)).data).toEqual(none);
  });
});

const ROOT_FIELDS = Object.values(schema.getQueryType()?.getFields() ?? {});
/** A value for each required argument, of whatever type. */
const ARGUMENTS: Record<string, string> = {
  'ID!': '"018f0000-0000-7000-8000-00000000dead"',
  '[ID!]!': '["018f0000-0000-7000-8000-00000000dead"]',
  'String!': '"name"',
  '[CheckInput!]!': '[{ action: "read", resourceType: "form" }]',
  '[_Any!]!': '[{ __typename: "Form", id: "018f0000-0000-7000-8000-00000000dead" }]',
};

describe('D18: nobody', () => {
  it.each(
    ROOT_FIELDS.filter(({ name }) => name !== '_service').map((field) => [field.name, field]),
  )('is UNAUTHENTICATED for the root field %s', async (name, field) => {
    const args = field.args
      .filter(isRequiredArgument)
      .map(({ name: argument, type }) => `${argument}: ${ARGUMENTS[String(type)]}`);
    const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
    const source = `{ ${name}${args.length > 0 ? `(${args.join(', ')})` : ''}${selection} }`;
    const { data, errors } = await ask(null, source);
    expect(new Set(refusals(errors).map((refusal) => refusal.split(/[ .]/)[0]))).toEqual(
      new Set(['UNAUTHENTICATED']),
    );
    const nothing = isNonNullType(field.type) ? null : { [name]: null };
    if (name !== '_entities') expect(data).toEqual(nothing);
    else expect(data?._entities?.filter((one: unknown) => one !== null) ?? []).toEqual([]);
  });

  it('covers every root field, so that a new one is asked too', () => {
    expect(ROOT_FIELDS.length).toBeGreaterThan(30);
    for (const { args } of ROOT_FIELDS) {
      for (const { type } of args.filter(isRequiredArgument)) {
        expect(ARGUMENTS).toHaveProperty([String(type)]);
      }
    }
  });

  it('reads the schema, and its federated text', async () => {
    const introspected = await ask(null, getIntrospectionQuery());
    expect(introspected.errors).toEqual([]);
    expect(introspected.data.__schema.types.length).toBeGreaterThan(50);
    const { data, errors } = await ask(null, '{ __typename _service { sdl } }');
    expect(errors).toEqual([]);
    expect(data._service.sdl).toContain('type Form');
  });

  it('may name no place but the global tier', async () => {
    const at = (scope: string) => ask(null, '{ __typename }', {}, { 'x-heimdall-scope': scope });
    expect((await at('global')).data).toEqual({ __typename: 'Query' });
    for (const scope of [shared.w.a.id, '018f0000-0000-7000-8000-00000000dead']) {
      expect(refusals((await at(scope)).errors)).toEqual(['SCOPE_FORBIDDEN']);
    }
  });
});
