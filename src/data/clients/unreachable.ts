import { unavailable } from '../../errors.js';
import { type Adapter, type AdapterFactory, type AdapterTransaction, overlay } from './observe.js';

/**
 * The database cannot be reached, or not in time. It has no code of its own, because Prisma makes
 * something else of an error that has one.
 */
class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The database takes no writes, as a replica does not; without a code for the same reason. */
export class ReadOnlyDatabaseError extends Error {
  override readonly name = 'ReadOnlyDatabaseError';
}

/** The database is there and not as the gateway needs it; the message is for an operator. */
export class UnusableConnectionError extends Error {
  override readonly name = 'UnusableConnectionError';
}

/**
 * SQLSTATEs of a server that cannot answer now: a connection lost or refused, or without its login
 * (08, 28, 3D), nothing left of what it needs (53), told to stop or past the deadline (57), or its
 * disks at fault (58).
 */
const CLASSES_OF_AWAY = ['08', '28', '3D', '53', '57', '58'];

/** What Prisma makes of such errors before anybody sees the SQLSTATE. */
const KINDS_OF_AWAY = [
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
];

/** Prisma's own: no connection, none in time, and a transaction that began or ended too late. */
const PRISMA_CODES_OF_AWAY = [
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1011',
  'P1017',
  'P2024',
  'P2028',
  'P2037',
];

/** The operating system's, of a socket. */
const SOCKET_CODES = [
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

/** What pg says, which gives no code to what is its own. */
const MESSAGES_OF_AWAY =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (was closed|has encountered a connection error)|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL)/;

/** Whether the database, and not what was asked of it, is why there is no answer (D47). */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof UnreachableError || error instanceof UnusableConnectionError) return true;
  if (MESSAGES_OF_AWAY.test(error.message)) return true;
  const { code, cause } = error as { code?: unknown; cause?: DriverCause };
  return (
    isCodeOfAway(code) ||
    KINDS_OF_AWAY.includes(cause?.kind ?? '') ||
    isCodeOfAway(cause?.originalCode)
  );
}

interface DriverCause {
  readonly kind?: string;
  readonly originalCode?: string;
  readonly originalMessage?: string;
}

function isCodeOfAway(code: unknown): boolean {
  if (typeof code !== 'string') return false;
  if (PRISMA_CODES_OF_AWAY.includes(code) || SOCKET_CODES.includes(code)) return true;
  return code.length === 5 && CLASSES_OF_AWAY.includes(code.slice(0, 2));
}

/** SQLSTATE of a write in a transaction that takes none. */
const READ_ONLY = '25006';

/** What `work` answers; where the database is away, UNAVAILABLE and nothing else (D47). */
export async function reached<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isUnreachable(error) ? unavailable(error) : error;
  }
}

/**
 * A factory whose adapters tell a database that is away, or takes no writes, from one that refuses what it
 * was asked: Prisma makes a dozen different errors of the first, and some look like the last.
 */
export function tellingUnreachable(factory: AdapterFactory): AdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      return overlay(adapter, {
        ...statements(adapter),
        async startTransaction(isolation) {
          const transaction = await told(adapter.startTransaction(isolation));
          return overlay(transaction, {
            ...statements(transaction),
            commit: () => told(transaction.commit()),
          });
        },
      });
    },
  };
}

function statements(queryable: Adapter | AdapterTransaction) {
  return {
    queryRaw: (query: Parameters<Adapter['queryRaw']>[0]) => told(queryable.queryRaw(query)),
    executeRaw: (query: Parameters<Adapter['executeRaw']>[0]) => told(queryable.executeRaw(query)),
  };
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as { cause?: DriverCause }).cause?.originalCode === READ_ONLY) {
      throw new ReadOnlyDatabaseError('the database is read-only', { cause: error });
    }
    if (!isUnreachable(error)) throw error;
    throw new UnreachableError(reasonOf(error), { cause: error });
  }
}

/** For the log. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: DriverCause };
  return [cause?.originalCode, cause?.originalMessage ?? cause?.kind ?? message].join(' ').trim();
}
