import { Cron } from 'croner';
import { instantOf, wallAt } from './zone.js';

/** Longer ones say nothing that a shorter one does not. */
const LONGEST = 100;

/** What is wrong with a cron expression (D36); null: nothing. Five fields, so that it is due at most once a minute. */
export function faultOfCron(text: string): string | null {
  if (text.length > LONGEST) return `it has more than ${LONGEST} characters`;
  if (!/^[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4}$/.test(text)) {
    return 'it has five fields, with one space between them: minute, hour, day of the month, month, day of the week';
  }
  try {
    // From here on there is a leap day on every day of the week.
    return wallTimes(text).nextRun(new Date('2000-01-01T00:00:00Z')) === null
      ? 'there is no such day'
      : null;
  } catch (error) {
    return `it is no cron expression: ${error instanceof Error ? error.message : 'unknown'}`;
  }
}

/**
 * The times that a clock on the wall shows, as if it were one of UTC, which neither skips nor repeats any.
 *
 * INVARIANT: what time zones do to them is `instantOf` alone, whatever the expression: a library that takes some
 * expressions for times and others for intervals would have them fire otherwise than D36 says.
 */
function wallTimes(text: string): Cron {
  return new Cron(text, { timezone: 'UTC', mode: '5-part', paused: true });
}

/**
 * The first instant after another at which an expression is due in a time zone (D36): a local time that is skipped is due at
 * the next valid instant, one that occurs twice, once. Null: never again.
 */
export function dueAfter(text: string, zone: string, after: Date): Date | null {
  const [first] = upcoming(text, zone, after, 1);
  return first ?? null;
}

/** The next instants at which it is due, at most so many, each once. */
export function upcoming(text: string, zone: string, after: Date, most: number): Date[] {
  const times = wallTimes(text);
  const found: Date[] = [];
  let last = after.getTime();
  // What the clock showed before maps to no later instant, for clocks are put back to where they have been.
  let wall: Date | null = new Date(wallAt(zone, last));
  while (found.length < most) {
    wall = times.nextRun(wall);
    if (wall === null) break;
    const instant = instantOf(zone, wall.getTime());
    // The second of two, or one of several that were skipped.
    if (instant <= last) continue;
    last = instant;
    found.push(new Date(instant));
  }
  return found;
}
