import { dueAfter } from './cron.js';

/**
 * The last of the instants from `first`, at which an expression is due, up to `now`: however long nobody looked, the times in
 * between are not gone through one by one, and none beyond the next one from now is worked out.
 */
export function latestDue(cron: string, zone: string, first: Date, now: Date): Date {
  let last = first;
  // Nothing is due after it up to now; what lies between is halved each time.
  let none = now.getTime();
  for (;;) {
    const next = dueAfter(cron, zone, last);
    if (next === null || next > now) return last;
    last = next;
    const middle = new Date(Math.floor((last.getTime() + none) / 2));
    const later = dueAfter(cron, zone, middle);
    if (later !== null && later <= now) last = later;
    else none = middle.getTime();
  }
}
