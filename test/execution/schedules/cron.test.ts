import { describe, expect, it } from 'vitest';
import { dueAfter, faultOfCron, upcoming } from '../../../src/execution/schedules/cron.js';
import { instantOf, isTimezone, wallAt } from '../../../src/execution/schedules/zone.js';

/** Zone, expression, from, and when it is due after that, as the tz database has it (by hand). */
const TABLE: readonly (readonly [string, string, string, readonly string[]])[] = [
  // Put forward at 01:00Z, from 02:00 to 03:00.
  [
    'Europe/Oslo',
    '30 2 * * *',
    '2026-03-28T00:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'Europe/Oslo',
    '*/20 2 * * *',
    '2026-03-28T12:00Z',
    ['2026-03-29T01:00Z', '2026-03-30T00:00Z', '2026-03-30T00:20Z'],
  ],
  [
    'Europe/Oslo',
    '*/30 * * * *',
    '2026-03-29T00:20Z',
    ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
  ],
  // Put back at 01:00Z, from 03:00 to 02:00.
  ['Europe/Oslo', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  ['Europe/Oslo', '0 3 * * *', '2026-10-24T12:00Z', ['2026-10-25T02:00Z', '2026-10-26T02:00Z']],
  ['Europe/Oslo', '30 2 * * *', '2026-10-25T00:45Z', ['2026-10-26T01:30Z']],
  ['Europe/Oslo', '30 2 * * *', '2026-10-25T01:15Z', ['2026-10-26T01:30Z']],
  ['Europe/Oslo', '*/30 * * * *', '2026-10-25T00:15Z', ['2026-10-25T00:30Z', '2026-10-25T02:00Z']],
  [
    'America/New_York',
    '30 2 * * *',
    '2026-03-07T12:00Z',
    ['2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  ],
  [
    'America/New_York',
    '30 1 * * *',
    '2026-10-31T12:00Z',
    ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  ],
  // At midnight: a day that begins at one o'clock.
  [
    'America/Santiago',
    '0 0 * * *',
    '2025-09-06T12:00Z',
    ['2025-09-07T04:00Z', '2025-09-08T03:00Z'],
  ],
  ['Asia/Beirut', '0 0 * * *', '2026-03-28T12:00Z', ['2026-03-28T22:00Z', '2026-03-29T21:00Z']],
  ['America/Havana', '30 0 * * *', '2026-10-31T12:00Z', ['2026-11-01T04:30Z', '2026-11-02T05:30Z']],
  // Half an hour, at 15:30Z to 02:30, and at 15:00Z to 01:30.
  [
    'Australia/Lord_Howe',
    '15 2 * * *',
    '2026-10-03T00:00Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  ],
  [
    'Australia/Lord_Howe',
    '45 1 * * *',
    '2026-04-03T20:00Z',
    ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
  ],
  [
    'Australia/Lord_Howe',
    '*/15 1-2 * * *',
    '2026-04-04T14:20Z',
    ['2026-04-04T14:30Z', '2026-04-04T14:45Z', '2026-04-04T15:30Z'],
  ],
  // The whole of the 30th of December 2011 was skipped, at 10:00Z.
  [
    'Pacific/Apia',
    '0 12 * * *',
    '2011-12-29T00:00Z',
    ['2011-12-29T22:00Z', '2011-12-30T10:00Z', '2011-12-30T22:00Z'],
  ],
  ['Pacific/Apia', '0 12 30 12 *', '2011-12-01T00:00Z', ['2011-12-30T10:00Z', '2012-12-29T22:00Z']],
  ['Pacific/Apia', '0 0 31 12 *', '2011-12-01T00:00Z', ['2011-12-30T10:00Z']],
  // Clocks that are never put, of quarters of an hour, and across the date line.
  [
    'Asia/Kathmandu',
    '0 6 * * MON',
    '2026-01-01T00:00Z',
    ['2026-01-05T00:15Z', '2026-01-12T00:15Z'],
  ],
  [
    'Pacific/Kiritimati',
    '0 0 1 * *',
    '2026-01-15T00:00Z',
    ['2026-01-31T10:00Z', '2026-02-28T10:00Z'],
  ],
  ['UTC', '0 0 29 2 *', '2026-01-01T00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ['Etc/GMT+5', '0 0 L * *', '2026-01-31T06:00Z', ['2026-02-28T05:00Z']],
];

const inZ = (dates: readonly Date[]) =>
  dates.map((date) => date.toISOString().replace(':00.000Z', 'Z'));

describe('D36: when an expression is due', () => {
  it.each(TABLE)('in %s by "%s" after %s', (zone, cron, after, expected) => {
    expect(inZ(upcoming(cron, zone, new Date(after), expected.length))).toEqual(expected);
  });

  it.each([
    'Europe/Oslo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'America/Santiago',
    'Africa/Casablanca',
    'UTC',
  ])('each local time exactly once a day, in %s', (zone) => {
    for (const [cron, from, days] of [
      ['30 2 * * *', '2026-01-01T00:00Z', 400],
      ['15 0 * * *', '2011-06-01T00:00Z', 400],
    ] as const) {
      const found = upcoming(cron, zone, new Date(from), days);
      const dates = found.map((at) =>
        new Date(wallAt(zone, at.getTime())).toISOString().slice(0, 10),
      );
      // A day that was skipped as a whole is due when the next begins.
      const skipped = zone === 'Pacific/Apia' && cron === '15 0 * * *' ? 1 : 0;
      expect(new Set(dates).size).toBe(days - skipped);
      expect([...found].sort((a, b) => a.getTime() - b.getTime())).toEqual(found);
    }
  });

  it('goes on from any instant as from the one before', () => {
    for (const [zone, from] of [
      ['Europe/Oslo', '2026-10-24T22:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T12:00Z'],
      ['Europe/Oslo', '2026-03-28T22:00Z'],
      ['Pacific/Apia', '2011-12-30T04:00Z'],
    ] as const) {
      const all = upcoming('*/7 * * * *', zone, new Date(from), 60);
      const start = new Date(from).getTime();
      for (let minute = 0; minute < 360; minute += 1) {
        const after = start + minute * 60_000 + 30_000;
        const expected = all.find((at) => at.getTime() > after);
        expect(dueAfter('*/7 * * * *', zone, new Date(after))).toEqual(expected);
      }
    }
  });

  it('tells instants and what clocks show from one another', () => {
    const at = Date.UTC(2026, 6, 1, 12, 30);
    for (const zone of ['Europe/Oslo', 'Asia/Kathmandu', 'Pacific/Marquesas', 'UTC']) {
      expect(instantOf(zone, wallAt(zone, at))).toBe(at);
    }
  });
});

describe('D36: what is no expression, and no zone', () => {
  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '@daily',
    '60 * * * *',
    '*/0 * * * *',
    '* * * * ?',
    '*  * * * *',
    '* * * * *\n',
    '0 0 30 2 *',
    '0 0 31 4,6 *',
    'a b c d e',
    `${'0,'.repeat(60)}0 * * * *`,
  ])('%j', (cron) => {
    expect(faultOfCron(cron)).toEqual(expect.any(String));
  });

  it.each([
    '* * * * *',
    '0 9 * * MON-FRI',
    '0 0 29 2 *',
    '0 0 29 2 MON#5',
    '0 0 L * *',
    '5,35 0-6/2 1 JAN *',
  ])('but %j is one', (cron) => {
    expect(faultOfCron(cron)).toBeNull();
  });

  it('by names of the IANA database alone', () => {
    for (const zone of ['Europe/Oslo', 'UTC', 'US/Eastern', 'Etc/GMT+5'])
      expect(isTimezone(zone)).toBe(true);
    for (const zone of [
      '',
      'Mars/Base',
      '+05:00',
      '05:00',
      'UTC+5',
      'Europe/Oslo ',
      '../etc',
      'x'.repeat(90),
    ]) {
      expect(isTimezone(zone)).toBe(false);
    }
  });
});
