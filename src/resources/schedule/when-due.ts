import type { Keeping } from '../../commands/writable.js';
import type { Values } from '../../data/prisma/writer.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { dueAfter } from '../../execution/schedules/cron.js';

/** When a schedule is due next is worked out when that is said anew, by the database's clock (D36). */
export const whenDue: Keeping = {
  decidedOn: (row) => row,
  async keep({ tx }, before, _id, set) {
    const isSaidAnew = ['cron', 'timezone', 'isActive'].some((one) => set[one] !== undefined);
    if (before !== null && !isSaidAnew) return set;
    const said: Values = { isActive: true, ...before, ...set };
    if (said.isActive !== true) return { ...set, nextAt: null };
    const nextAt = dueAfter(String(said.cron), String(said.timezone), await databaseClock(tx));
    // What was stopped begins anew.
    const anew = set.isActive === true ? { denials: 0, disabledReason: null } : {};
    return { ...set, ...anew, nextAt };
  },
};
