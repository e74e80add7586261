const HOUR_MS = 3_600_000;
/** No zone has ever been farther from UTC, and so no transition farther from a local time. */
const FARTHEST_MS = 26 * HOUR_MS;
/** Zones that are asked about again and again; the database of them has some six hundred names. */
const MOST_KEPT = 1_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether it names a time zone of the IANA database, such as `Europe/Oslo`; an offset alone is none. */
export function isTimezone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short' },
  });
  if (formats.size < MOST_KEPT) formats.set(zone, format);
  return format;
}

/** What a clock on the wall of a zone shows at an instant, as the milliseconds of the same date and time in UTC. */
export function wallAt(zone: string, instant: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = value;
  const { year, month, day, hour, minute, second } = parts;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  // The clock shows no milliseconds, of which zones have none either.
  return wall + (((instant % 1000) + 1000) % 1000);
}

/**
 * The instant at which a zone's clock shows a time (D36): of one that occurs twice the first; of one that is skipped the
 * next valid instant, at which the clock was put forward.
 */
export function instantOf(zone: string, wall: number): number {
  const offsets = [wall - FARTHEST_MS, wall + FARTHEST_MS].map((at) => wallAt(zone, at) - at);
  const possible = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
  const [first = wall, last = wall] = possible;
  for (const instant of possible) if (wallAt(zone, instant) === wall) return instant;
  // Between the two the clock goes from before the time to after it.
  let [before, after] = [first, last];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallAt(zone, middle) < wall) before = middle;
    else after = middle;
  }
  return after;
}
