import { expect, it, vi } from 'vitest';
import { upcoming } from '../../../src/execution/schedules/cron.js';
import { latestDue } from '../../../src/execution/schedules/latest-due.js';

it('D36: the last due time is found, however long nobody looked', () => {
  const now = new Date('2026-10-26T03:07:30Z');
  for (const cron of ['* * * * *', '*/7 2-4 * * *', '0 9 * * MON', '30 2 25 10 *', '0 0 29 2 *']) {
    for (const first of ['2026-10-26T03:00:00Z', '2026-10-24T00:00:00Z', '2026-06-01T00:00:00Z']) {
      const [start] = upcoming(cron, 'Europe/Oslo', new Date(first), 1);
      if (start === undefined || start > now) continue;
      const all = [start, ...upcoming(cron, 'Europe/Oslo', start, 300_000 / 60)];
      const last = all.filter((one) => one <= now).at(-1);
      // Of more than can be gone through here, the last is within a minute.
      const isWhole = (all.at(-1) ?? now) > now;
      const expected = isWhole || all.length < 5_001 ? last : new Date('2026-10-26T03:07:00Z');
      expect([cron, first, latestDue(cron, 'Europe/Oslo', start, now)]).toEqual([
        cron,
        first,
        expected,
      ]);
    }
  }
  const long = latestDue('* * * * *', 'UTC', new Date('1990-01-01T00:00:00Z'), now);
  expect(long).toEqual(new Date('2026-10-26T03:07:00Z'));
});

it('D36: the very last, of however many there were at once', () => {
  const now = new Date('2026-12-24T12:00:00Z');
  const first = new Date('2026-01-01T00:00:00Z');
  expect(latestDue('* * * 1 *', 'UTC', first, now)).toEqual(new Date('2026-01-31T23:59:00Z'));
});

it.each([
  ['* * * * *', '2026-10-26T03:07:00Z'],
  ['*/5 * * * *', '2026-10-26T03:05:00Z'],
  ['0 9 * * MON', '2026-10-19T07:00:00Z'],
  ['* * * * *', '1990-01-01T00:00:00Z'],
])('D36: %s from %s is found without going far beyond now', (cron, first) => {
  // What is dear: to ask what a clock shows.
  const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
  latestDue(cron, 'Europe/Oslo', new Date(first), new Date('2026-10-26T03:07:30Z'));
  expect(asked.mock.calls.length).toBeLessThan(1_000);
  asked.mockRestore();
});
