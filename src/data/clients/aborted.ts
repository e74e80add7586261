import { type AdapterFactory, type AdapterTransaction, overlay } from './observe.js';

/**
 * A transaction in which a statement had failed was to be committed. The `cause` is that failure.
 * Without a code, because Prisma makes something else of an error that has one.
 */
export class AbortedTransactionError extends Error {
  override readonly name = 'AbortedTransactionError';
}

/**
 * A factory whose transactions are rolled back, loudly, when they are committed after a statement in them
 * failed and its error was swallowed.
 *
 * INVARIANT: what is reported as committed is committed. PostgreSQL makes a ROLLBACK of such a COMMIT and
 * says so in the command tag alone, which neither adapter passes on. Going back to a savepoint mends
 * a transaction.
 */
export function refusingAborted(factory: AdapterFactory): AdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return overlay(adapter, {
        startTransaction: async (isolation) => refusing(await adapter.startTransaction(isolation)),
      });
    },
  };
}

type Query = Parameters<AdapterTransaction['executeRaw']>[0];

const TO_SAVEPOINT = /^\s*rollback\s+(work\s+|transaction\s+)?to\b/i;

function refusing(transaction: AdapterTransaction): AdapterTransaction {
  let failure: { readonly error: unknown } | undefined;

  async function watched<T>({ sql }: Query, work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      if (TO_SAVEPOINT.test(sql)) failure = undefined;
      return result;
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  }

  return overlay(transaction, {
    queryRaw: (query) => watched(query, transaction.queryRaw(query)),
    async executeRaw(query) {
      // On a server Prisma ends a transaction by a statement, and then by one of the two below.
      if (query.sql !== 'COMMIT' || failure === undefined) {
        return watched(query, transaction.executeRaw(query));
      }
      await transaction.executeRaw({ ...query, sql: 'ROLLBACK' });
      throw aborted(failure.error);
    },
    async commit() {
      if (failure === undefined) return transaction.commit();
      await transaction.rollback();
      throw aborted(failure.error);
    },
  });
}

function aborted(cause: unknown): AbortedTransactionError {
  return new AbortedTransactionError(
    'a statement of the transaction failed, so that it was not committed',
    { cause },
  );
}
