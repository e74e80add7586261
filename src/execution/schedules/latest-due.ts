import { dueAfter, upcoming } from './cron.js';

const MINUTE_MS = 60_000;
/** Within so many due times of the last one it is looked for one by one. */
const AT_ONCE = 2_000;

/**
 * The last of the instants from `first`, at which an expression is due, up to `now`: however long nobody looked, the times in
 * between are not gone through one by one.
 */
export function latestDue(cron: string, zone: string, first: Date, now: Date): Date {
  for (let back = MINUTE_MS; now.getTime() - back > first.getTime(); back *= 2) {
    const from = new Date(now.getTime() - back);
    const due = dueAfter(cron, zone, from);
    if (due !== null && due <= now) return lastOf(cron, zone, from, now, due);
  }
  return lastOf(cron, zone, first, now, first);
}

function lastOf(cron: string, zone: string, from: Date, now: Date, known: Date): Date {
  const due = upcoming(cron, zone, from, AT_ONCE).filter((one) => one <= now);
  return due.at(-1) ?? known;
}
