import type { Transaction } from './in-transaction.js';

/**
 * The instant of this statement by the database's clock (D48), in the milliseconds that moments are stored in: what ends
 * at or before it has ended.
 */
export async function databaseClock(client: Pick<Transaction, '$queryRaw'>): Promise<Date> {
  const [clock] = await client.$queryRaw<{ readonly now: Date }[]>`
    SELECT date_trunc('milliseconds', statement_timestamp()) AS now`;
  if (clock === undefined) throw new Error('the database does not tell the time');
  return clock.now;
}
