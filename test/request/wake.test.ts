import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { Turns } from '../../src/limits/turns.js';
import { createWake } from '../../src/request/wake.js';
import { freshDatabase } from '../support/database.js';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** Longer than any test: what ends sooner was woken. */
const LONG = 60_000;
const never = { heard: LONG, deaf: LONG };

/** So many callers and so many workers. */
const waiting = (waitingRequests: number, waitingWorkers = waitingRequests) => ({
  waitingRequests,
  waitingWorkers,
});

const QUEUED = ['queued:one', 'queued:two'] as const;
const notify = (kind: 'queued' | 'finished', payload: string) =>
  database.sql.query(`SELECT pg_notify($1, $2)`, [`heimdall_${kind}`, payload]);

describe('who waits for executions', () => {
  it('is answered at once where there is something already, and never where there is no time', async () => {
    const wake = createWake({ listen: database.listen, limits: waiting(1), everyMs: never });
    expect(await wake.wait(QUEUED, async () => 'here', { ms: LONG })).toBe('here');
    expect(await wake.wait(QUEUED, async () => undefined, { ms: 0 })).toBeUndefined();
    await wake.close();
  });

  it.each(['queued', 'finished'] as const)(
    'is woken by what is notified to its key as %s, and to no other',
    async (kind) => {
      const keys = [`${kind}:one`, `${kind}:two`] as const;
      const wake = createWake({ listen: database.listen, limits: waiting(10), everyMs: never });
      let looked = 0;
      let isThere = false;
      const looking = new Promise<void>((resolve) => {
        // The first look is before listening, the second once it listens.
        void wake
          .wait([`${kind}:other`], async () => (isThere ? true : undefined), { ms: LONG })
          .catch(() => {});
        void wake.wait(
          keys,
          async () => {
            looked += 1;
            if (looked === 2) resolve();
            return undefined;
          },
          { ms: LONG },
        );
      });
      await looking;
      isThere = true;
      const waited = wake.wait(keys, async () => (looked > 2 ? looked : undefined), { ms: LONG });
      await notify(kind, 'two');
      expect(await waited).toBe(3);
      await wake.close();
    },
  );

  it('is told that the time is up when the gateway stops, or nobody waits any more', async () => {
    const wake = createWake({ listen: undefined, limits: waiting(1), everyMs: never });
    const gone = new AbortController();
    const one = wake.wait(['finished:one'], async () => undefined, {
      ms: LONG,
      signal: gone.signal,
    });
    const other = wake.wait(['queued:other'], async () => undefined, { ms: LONG });
    gone.abort();
    expect(await one).toBeUndefined();
    await wake.close();
    expect(await other).toBeUndefined();
  });

  it('is one too many among its own kind alone', async () => {
    const wake = createWake({ listen: undefined, limits: waiting(1, 2), everyMs: never });
    const more = (key: 'finished:one' | 'queued:one') =>
      wake.wait([key], async () => undefined, { ms: LONG });
    const waited = [more('queued:one'), more('queued:one'), more('finished:one')];
    for (const key of ['queued:one', 'finished:one'] as const) {
      await expect(more(key)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    await wake.close();
    expect(await Promise.all(waited)).toEqual([undefined, undefined, undefined]);
  });

  it('looks now and then where nothing can be heard', async () => {
    const wake = createWake({
      listen: undefined,
      limits: waiting(1),
      everyMs: { heard: LONG, deaf: 1 },
    });
    let looked = 0;
    const found = await wake.wait(
      ['finished:any'],
      async () => (++looked > 3 ? looked : undefined),
      {
        ms: LONG,
      },
    );
    expect(found).toBe(4);
    await wake.close();
  });
});

describe('a turn', () => {
  it('is others’ while its work is away, and is had again afterwards', async () => {
    const turns = new Turns({ ...DEFAULT_LIMITS, concurrent: 1 });
    const told: string[] = [];
    let comeBack = (): void => {};
    const back = new Promise<void>((resolve) => {
      comeBack = resolve;
    });
    const first = turns.run(async ({ away }) => {
      // Two fields of a request that wait at once give back one turn.
      await Promise.all([away(() => back), away(() => back)]);
      told.push('back');
    });
    await turns.run(async () => {
      told.push('other');
      comeBack();
      await new Promise(setImmediate);
      expect(told).toEqual(['other']);
    });
    await first;
    expect(told).toEqual(['other', 'back']);
    // None was lost, and none was made.
    let running = 0;
    await Promise.all(
      [1, 2, 3].map(() =>
        turns.run(async () => {
          running += 1;
          expect(running).toBe(1);
          await new Promise(setImmediate);
          running -= 1;
        }),
      ),
    );
  });
});
