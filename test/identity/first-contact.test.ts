import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authenticate } from '../../src/identity/authenticate.js';
import { bootstrap } from '../../src/identity/bootstrap.js';
import { KnownPrincipals } from '../../src/identity/known-principals.js';
import { createTokenVerifier } from '../../src/identity/verify-token.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase } from '../support/database.js';
import { People } from './people.js';
import { AUDIENCE, claims, ISSUER, SECRET, sign } from './tokens.js';

const verifyToken = createTokenVerifier({
  kind: 'secret',
  secret: SECRET,
  issuer: ISSUER,
  audience: AUDIENCE,
});

async function empty() {
  const { client, close } = await freshDatabase();
  onTestFinished(() => close());
  const come = async (sub: string, email: string) => {
    const token = await sign(claims({ sub, email, email_verified: true }));
    const headers = new Headers({ authorization: `Bearer ${token}` });
    return authenticate(headers, {
      client,
      verifyToken,
      principals: new KnownPrincipals(client, DEFAULT_LIMITS),
    });
  };
  const entries = () => client.auditEntry.findMany({ orderBy: { id: 'asc' } });
  return { client, come, entries };
}

describe('D19: first contact', () => {
  it('is recorded once, as theirs', async () => {
    const { client, come, entries } = await empty();
    const people = new People(client);
    const organizationId = await people.organization();
    const { id, email } = await people.user(organizationId);
    const sub = randomUUID();
    await Promise.all([come(sub, email), come(sub, email)]);
    await come(sub, email);
    await expect(come(randomUUID(), email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: 'user:firstContact',
      resourceType: 'user',
      resourceId: id,
      actorKind: 'USER',
      actorUserId: id,
      organizationId,
      actingOrganizationId: organizationId,
      isSwitched: false,
      outcome: 'PERMITTED',
      reason: `bound by a verified email, of the issuer ${ISSUER}`,
    });
    expect(JSON.stringify(entry)).not.toContain(sub);
  });

  it('does not happen where it cannot be recorded', async () => {
    const { client, come } = await empty();
    const people = new People(client);
    const { id, email } = await people.user(await people.organization());
    await client.$executeRawUnsafe(
      `CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END'`,
    );
    await client.$executeRawUnsafe(
      'CREATE TRIGGER full_0 BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION full_up()',
    );
    await expect(come(randomUUID(), email)).rejects.toThrow();
    expect(await client.userIdentity.count({ where: { userId: id } })).toBe(0);
  });

  it('of an installation is its first organization and admin, made by the bootstrap', async () => {
    const { client, come, entries } = await empty();
    const email = 'ada@acme.example';
    const first = { organization: 'Acme', name: 'Ada', email, identity: null };
    const { organizationId, userId } = await bootstrap(client, first);
    await come('ada', email);
    expect(await entries()).toMatchObject([
      {
        action: 'organization:create',
        actorKind: 'SYSTEM',
        actorLabel: 'system:bootstrap',
        resourceId: organizationId,
        organizationId,
        after: { name: 'Acme' },
      },
      {
        action: 'user:create',
        actorKind: 'SYSTEM',
        resourceId: userId,
        organizationId,
        after: { email, isPlatformAdmin: true },
      },
      { action: 'user:firstContact', actorUserId: userId },
    ]);
  });
});
