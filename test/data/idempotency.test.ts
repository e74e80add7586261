import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { type Claim, claimKey, storeOutcome } from '../../src/data/idempotency.js';
import { actor } from '../audit/entries.js';
import { freshDatabase } from '../support/database.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase({ poolSize: 8 });
  await db.sql.script('CREATE TABLE effect (key text, try int)');
});
afterAll(() => db.close());

const me = actor('00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-0000000000bb');
const claim = (key: string, payloadHash = 'hash', principal = me): Claim => ({
  principal,
  key,
  payloadHash,
  field: 'createForm',
});

type Answer = Awaited<ReturnType<typeof claimKey>>;

/** A mutation with one effect, which answers what came of it, now or the first time. */
const attempt = (what: Claim, n: number, fails = false): Promise<Answer | { done: number }> =>
  db.client.$transaction(async (tx) => {
    const claimed = await claimKey(tx, what);
    if (claimed !== 'first') return claimed;
    await tx.$executeRaw`INSERT INTO effect VALUES (${what.key}, ${n}::int)`;
    if (fails) throw new Error('failed');
    await storeOutcome(tx, what, { done: n });
    return { done: n };
  });

const effects = (key: string) =>
  db.sql.query<{ try: number }>('SELECT try FROM effect WHERE key = $1', [key]);

describe('issue 11: Idempotency-Key', () => {
  it('a second use is answered what came of the first', async () => {
    expect(await attempt(claim('again'), 1)).toEqual({ done: 1 });
    expect(await attempt(claim('again'), 2)).toEqual({ replay: { done: 1 } });
    expect(await effects('again')).toEqual([{ try: 1 }]);
  });

  it('with another payload it is a conflict', async () => {
    await attempt(claim('other'), 1);
    expect(await attempt(claim('other', 'another hash'), 2)).toBe('conflict');
    expect(await effects('other')).toHaveLength(1);
  });

  it('it is its principal’s own, and so is that of each sort of principal', async () => {
    await attempt(claim('mine'), 1);
    const { organizationId } = me;
    const others = [
      actor('00000000-0000-7000-8000-0000000000cc', organizationId),
      { ...me, kind: 'API_KEY' as const },
      { ...me, label: 'key:2' },
      actor(null),
    ];
    for (const [n, other] of others.entries()) {
      expect(await attempt(claim('mine', 'hash', other), n + 2)).toEqual({ done: n + 2 });
    }
  });

  it('what failed leaves the key free', async () => {
    await expect(attempt(claim('failing'), 1, true)).rejects.toThrow('failed');
    expect(await attempt(claim('failing'), 2)).toEqual({ done: 2 });
  });

  it('after 24 hours it is free again, swept or not', async () => {
    await attempt(claim('old'), 1);
    await db.sql.query(`UPDATE idempotency_key SET expires_at = now() WHERE key = 'old'`);
    expect(await attempt(claim('old', 'another hash'), 2)).toEqual({ done: 2 });
    expect(await attempt(claim('old', 'another hash'), 3)).toEqual({ replay: { done: 2 } });
  });

  it('an outcome is stored once, by whoever claimed the key', async () => {
    await attempt(claim('stored'), 1);
    await expect(storeOutcome(db.client, claim('stored'), { done: 2 })).rejects.toThrow(/once/);
    await expect(storeOutcome(db.client, claim('never'), { done: 2 })).rejects.toThrow(/once/);
  });

  // The embedded database has one connection, so that nothing races there.
  it.runIf(process.env.HEIMDALL_TEST_ON === 'server')(
    'of eight at once, a hundred times, one has an effect and all say the same, whether some fail or not',
    async () => {
      for (let round = 0; round < 100; round += 1) {
        const key = `race ${round}`;
        const tries = Array.from({ length: 8 }, (_, n) =>
          attempt(claim(key), n, round % 2 === 1 && n < 3),
        );
        const settled = await Promise.allSettled(tries);
        const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        const [effect, ...more] = await effects(key);
        expect(more).toEqual([]);
        const said = answers.map((answer) =>
          typeof answer === 'object' && 'replay' in answer ? answer.replay : answer,
        );
        expect(new Set(said.map((one) => JSON.stringify(one)))).toEqual(
          new Set([JSON.stringify({ done: effect?.try })]),
        );
        const refused = settled.flatMap((one) =>
          one.status === 'rejected' ? [String(one.reason)] : [],
        );
        expect(refused.filter((reason) => !reason.includes('failed'))).toEqual([]);
      }
    },
    120_000,
  );
});
