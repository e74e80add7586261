import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../src/assemble.js';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { pendingMigrations } from '../../src/data/migrations.js';
import { createLog } from '../../src/http/log.js';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { AUDIENCE, ISSUER, SECRET } from '../support/gateway.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const KNOWN = 'known@acme.example';
const UNBOUND = 'unbound@acme.example';

describe.runIf(onServer)('10.21 a read-only server', () => {
  const logged: string[] = [];
  let primary: Database;
  let replica: Database;
  let server: ReturnType<typeof assemble>['server'];
  let url: string;
  beforeAll(async () => {
    primary = await freshDatabase();
    const { id: organizationId } = await primary.client.organization.create({
      data: { name: 'Acme' },
    });
    for (const email of [KNOWN, UNBOUND]) {
      await primary.client.user.create({ data: { email, name: email, organizationId } as never });
    }
    const user = await primary.client.user.findFirstOrThrow({ where: { email: KNOWN } });
    await primary.client.userIdentity.create({
      data: { userId: user.id, issuer: ISSUER, subject: developmentSubject(KNOWN) },
    });
    const target = await urlOf(primary);
    await primary.sql.script(
      `ALTER DATABASE ${new URL(target).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    replica = await openDatabase({ url: target, poolSize: 2 });
    ({ server } = assemble({
      database: replica,
      tokens: { kind: 'secret', secret: SECRET, issuer: ISSUER, audience: AUDIENCE },
      log: createLog('info', { write: (line) => void logged.push(line) }),
    }));
    url = await server.listen('127.0.0.1', 0);
  });
  afterAll(async () => {
    await server.close(0);
    await replica.close();
    await primary.close();
  });

  const ask = async (email: string) => {
    const token = await signDevelopmentToken({
      ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 60 },
      subject: developmentSubject(email),
    });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { principal { kind } } forms { totalCount } }' }),
    });
    return { status: response.status, answer: await response.json() };
  };

  it('is known for one from the start', () => {
    expect([primary.isReadOnly, replica.isReadOnly]).toEqual([false, true]);
  });

  it('serves whom it knows', async () => {
    expect(await ask(KNOWN)).toMatchObject({
      status: 200,
      answer: { data: { viewer: { principal: { kind: 'USER' } }, forms: { totalCount: 0 } } },
    });
    expect(await pendingMigrations(replica)).toEqual([]);
  });

  it('refuses first contact, alike for a user and for nobody, and says why in the log', async () => {
    const refused = await ask(UNBOUND);
    expect(refused).toMatchObject({
      status: 401,
      answer: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(await ask('nobody@acme.example')).toEqual(refused);
    const reasons = logged.filter((line) => line.includes('"credential refused"'));
    expect(reasons).toHaveLength(2);
    for (const line of reasons) expect(line).toContain('the database is read-only');
    // By way of the primary it works, and from then on here.
    expect(await primary.client.userIdentity.count()).toBe(1);
  });
});
