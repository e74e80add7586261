import { expect, it } from 'vitest';
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
