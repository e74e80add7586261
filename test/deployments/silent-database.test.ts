import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUnreachable } from '../../src/data/clients/unreachable.js';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { systemQueries } from '../../src/data/system-queries.js';
import { isDomainError } from '../../src/errors.js';
import { bindByVerifiedEmail } from '../../src/identity/bind-identity.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { startProxy, type TestProxy } from '../support/proxy.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const limits = { ...DEFAULT_LIMITS, connectMs: 1_500, silentMs: 500 };
const STATEMENT_MS = 1_000;
/** The longest that anything may take here: a connection, and a statement after it, and some more. */
const SOON_MS = 8_000;
const ID = '00000000-0000-7000-8000-000000000001';
const CLAIMS = {
  issuer: 'i',
  subject: 's',
  verifiedEmail: 'a@b.example',
  expiresAt: Number.POSITIVE_INFINITY,
};

describe.runIf(onServer)('10.5 a database that goes silent', () => {
  let fresh: Database;
  let proxy: TestProxy;
  let db: Database;
  beforeEach(async () => {
    fresh = await freshDatabase();
    proxy = await startProxy(await urlOf(fresh));
    db = await openDatabase({
      url: proxy.url,
      poolSize: 2,
      statementTimeoutMs: STATEMENT_MS,
      limits,
    });
  });
  afterEach(async () => {
    await db.close(0);
    await proxy.close();
    await fresh.close();
  });

  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['who asks', () => loadPrincipal(db.client, CLAIMS)],
    ['first contact', () => bindByVerifiedEmail(db.client, CLAIMS)],
    ['where', () => systemQueries(db.client, dataModel).findScope(ID)],
  ];

  it.each(questions)('is UNAVAILABLE in time: %s', async (_, ask) => {
    await ask();
    proxy.freeze();
    await expectUnavailable(ask);
    // And so for who then has to wait for a connection that nobody gives.
    await Promise.all([1, 2, 3].map(() => expectUnavailable(ask)));
    proxy.thaw();
    await ask();
  });

  it.each(questions)('is UNAVAILABLE at once where connections are refused: %s', async (_, ask) => {
    await proxy.close();
    await expectUnavailable(ask);
    proxy = await startProxy(await urlOf(fresh));
  });

  it('tells its own deadline from a fault in what was asked', async () => {
    const late = await db.client.$queryRaw`SELECT pg_sleep(5)`.catch((error: unknown) => error);
    expect(isUnreachable(late)).toBe(true);
    const ended = await db.client.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`.catch(
      (error: unknown) => error,
    );
    expect(isUnreachable(ended)).toBe(true);
    const wrong = await db.client.$queryRaw`SELECT no_such_column`.catch((error: unknown) => error);
    expect(isUnreachable(wrong)).toBe(false);
  });

  it('holds up no end, with a transaction open and others waiting', async () => {
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const open = db.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`;
      proxy.freeze();
      begin();
      await tx.$queryRaw`SELECT 1`;
    });
    const waiting = begun.then(() =>
      Promise.allSettled([db.sql.query('SELECT 1'), db.sql.query('SELECT 1')]),
    );
    await begun;
    const start = performance.now();
    await db.close(100);
    expect(performance.now() - start).toBeLessThan(300);
    await expect(open).rejects.toThrow();
    await waiting;
  });

  it('fails a start in time, in one sentence', async () => {
    proxy.freeze();
    const start = performance.now();
    await expect(openDatabase({ url: proxy.url, limits })).rejects.toThrow(
      /^the database server at 127\.0\.0\.1:\d+ cannot be reached \(no answer within 1500 ms\)$/,
    );
    expect(performance.now() - start).toBeLessThan(SOON_MS);
  });
});

async function expectUnavailable(ask: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const error = await ask().then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  expect(isDomainError(error) && error.code, String(error)).toBe('UNAVAILABLE');
  expect(performance.now() - start).toBeLessThan(SOON_MS + 500);
}
