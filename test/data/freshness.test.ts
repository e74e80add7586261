import { describe, expect, it } from 'vitest';
import { Freshness, type Mark, within } from '../../src/data/clients/freshness.js';

const MARK: Mark = { lsn: '0/0', at: '', system: '', timeline: 1, name: '' };

/** Rounds that end when they are told to. */
function rounds(withinMs = 10_000, pauseMs = 0) {
  const began: { readonly end: (fresh: boolean) => void; readonly fail: () => void }[] = [];
  const told: (string | null)[] = [];
  const freshness = new Freshness({
    mark: () =>
      new Promise((resolve, reject) => {
        const end = (fresh: boolean) => resolve({ ...MARK, timeline: fresh ? 1 : 2 });
        began.push({ end, fail: () => reject(new Error('away')) });
      }),
    hasReached: async ({ timeline }) => timeline === 1,
    withinMs,
    pauseMs,
    report: (error) => told.push(error === null ? null : error.message),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { freshness, began, told, turn };
}

describe('whether a replica is fresh', () => {
  it('is asked once for all who ask before it is', async () => {
    const { freshness, began, turn } = rounds();
    const answers = Promise.all([freshness.isFresh(), freshness.isFresh(), freshness.isFresh()]);
    await turn();
    expect(began).toHaveLength(1);
    began[0]?.end(true);
    expect(await answers).toEqual([true, true, true]);
  });

  it('is never told by what was asked before the question', async () => {
    const { freshness, began, turn } = rounds();
    const early = freshness.isFresh();
    await turn();
    const late = [freshness.isFresh(), freshness.isFresh()];
    began[0]?.end(true);
    expect(await early).toBe(true);
    await turn();
    expect(began).toHaveLength(2);
    began[1]?.end(false);
    expect(await Promise.all(late)).toEqual([false, false]);
  });

  it('is no where it cannot be asked, and nobody asks for a while', async () => {
    const { freshness, began, told, turn } = rounds(10_000, 600_000);
    const first = freshness.isFresh();
    await turn();
    began[0]?.fail();
    expect(await first).toBe(false);
    expect(await freshness.isFresh()).toBe(false);
    expect(began).toHaveLength(1);
    expect(told).toEqual(['away']);
  });

  it('is no where the answer takes too long, and is told again when one comes', async () => {
    const { freshness, began, told, turn } = rounds(20);
    expect(await freshness.isFresh()).toBe(false);
    expect(told).toEqual(['no answer in 20 ms']);
    const second = freshness.isFresh();
    await turn();
    began[1]?.end(true);
    expect(await second).toBe(true);
    expect(told).toEqual(['no answer in 20 ms', null]);
  });
});

describe('within', () => {
  it('gives what comes in time, and forgets what fails later', async () => {
    expect(await within(10_000, Promise.resolve(1))).toBe(1);
    const failing = Promise.reject(new Error('failed'));
    await expect(within(10_000, failing)).rejects.toThrow('failed');
  });
});
