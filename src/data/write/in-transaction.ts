import { setTimeout } from 'node:timers/promises';
import { unavailable } from '../../errors.js';
import type { Limits } from '../../limits/limits.js';
import { AbortedTransactionError } from '../clients/aborted.js';
import { isUnreachable } from '../clients/unreachable.js';
import type { Prisma, PrismaClient } from '../generated/client.js';
import { isLate, isLost, sqlStateOf } from './sqlstate.js';

/** The client of one transaction. INVARIANT: inside of one nothing else is asked: the embedded database has one connection. */
export type Transaction = Prisma.TransactionClient;

/** Thrown by the work of a transaction that has to begin anew, as when a vector has grown (D18). */
export class RetryTransaction extends Error {
  override readonly name = 'RetryTransaction';
  /** It knows more than before, and so gets nearer each time: not counted as lost. */
  readonly progresses: boolean;

  constructor(why?: string, { progresses = false } = {}) {
    super(why);
    this.progresses = progresses;
  }
}

export interface TransactionOptions {
  /** The command, as the database's refusals name it. */
  readonly command: string;
}

/** How often the whole work is done again after it lost against another transaction. */
const RETRIES = 3;

/** Prisma's own, of a transaction that took too long: it is rolled back. */
const EXPIRED = 'P2028';

/**
 * Does all of `work` in one READ COMMITTED transaction, or nothing of it. A work that loses against
 * another transaction (40P01, 40001) or throws {@link RetryTransaction} is done anew, three times at
 * most, unless it progresses: it must do nothing but by `tx`. No statement takes longer than `writeMs`, none waits for a lock
 * longer than `lockMs`, and after `writeMs` nothing is tried anew.
 *
 * @throws DomainError UNAVAILABLE: the database is away, too busy or too slow. `outcomeUnknown` says that
 *   the connection was lost at COMMIT, so that nobody knows whether it happened (D47)
 */
export async function inTransaction<T>(
  client: PrismaClient,
  limits: Limits,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const deadline = performance.now() + limits.writeMs;
  for (let left = RETRIES; ; ) {
    const attempt = await attempted(client, limits, work, options);
    if (attempt.done) return attempt.result;
    const { error } = attempt;
    if (!isLost(error) && !(error instanceof RetryTransaction)) throw error;
    if (left === 0 || performance.now() > deadline) throw unavailable(error);
    if (error instanceof RetryTransaction && error.progresses) continue;
    // Not all of those who met begin at once.
    await setTimeout(Math.random() * 5 * (RETRIES + 1 - left));
    left -= 1;
  }
}

type Attempt<T> =
  | { readonly done: true; readonly result: T }
  | { readonly done: false; readonly error: unknown };

async function attempted<T>(
  client: PrismaClient,
  limits: Limits,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<Attempt<T>> {
  let worked = false;
  try {
    const result = await client.$transaction(
      async (tx) => {
        await begin(tx, limits, options);
        const worth = await work(tx);
        worked = true;
        return worth;
      },
      {
        isolationLevel: 'ReadCommitted',
        maxWait: limits.connectMs,
        // The last statement may begin when `writeMs` are nearly over, and ends by itself.
        timeout: 2 * limits.writeMs,
      },
    );
    return { done: true, result };
  } catch (error) {
    return { done: false, error: worked ? atCommit(error) : within(error) };
  }
}

/** What holds until the transaction ends, in one statement. */
async function begin(tx: Transaction, limits: Limits, { command }: TransactionOptions) {
  const statementMs = Math.min(limits.writeMs, limits.statementMs);
  await tx.$executeRaw`SELECT set_config('statement_timeout', ${`${statementMs}ms`}, true),
    set_config('lock_timeout', ${`${limits.lockMs}ms`}, true),
    set_config('heimdall.command', ${command}, true)`;
}

function within(error: unknown): unknown {
  return isAway(error) ? unavailable(error) : error;
}

function isAway(error: unknown): boolean {
  return isUnreachable(error) || isLate(error);
}

/** A COMMIT that the database refused did nothing; of one that it did not answer nobody knows. */
function atCommit(error: unknown): unknown {
  if (isLost(error)) return error;
  if (error instanceof AbortedTransactionError) {
    return isAway(error.cause) ? unavailable(error) : error;
  }
  if ((error as { code?: unknown }).code === EXPIRED) return unavailable(error);
  if (isUnreachable(error) || sqlStateOf(error) === undefined) {
    return unavailable(error, { outcomeUnknown: true });
  }
  return within(error);
}
