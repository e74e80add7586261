import { DatabaseUnavailableError } from './database.js';
import { nameOfServer, type ServerAddress } from './database-url.js';
import { UnusableConnectionError } from './unreachable.js';

const NO_TLS = 'The server does not support SSL connections';

/** Whether a server would perhaps take the connection if it were encrypted, or were not. */
export function isRefusalOfEncryption(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // pg_hba.conf has no line for it; or there is no TLS, or none that both sides speak.
  return code === '28000' || message === NO_TLS || isOfTls(code);
}

/** One sentence for an operator. INVARIANT: made of host, database and user, never of the password. */
export function whyUnavailable(
  address: ServerAddress,
  error: unknown,
  waitedMs = 10_000,
): DatabaseUnavailableError {
  return new DatabaseUnavailableError(reason(address, error, waitedMs), { cause: error });
}

function reason(address: ServerAddress, error: unknown, waitedMs: number): string {
  const server = `the database server at ${nameOfServer(address)}`;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (error instanceof UnusableConnectionError) return `${server} answers, but ${error.message}`;
  if (message === NO_TLS) return `${server} does not speak TLS, which the database URL asks for`;
  if (isOfTls(code)) {
    return `${server} and the gateway do not agree on TLS (${code}): see sslmode and sslrootcert in the database URL`;
  }
  switch (code) {
    case '3D000':
      return `the database "${address.database}" does not exist on ${nameOfServer(address)}`;
    case '28P01':
    case '28000':
      return `${server} refused the user "${address.user}" or its password`;
    case '53300':
      return `${server} has no connection left`;
    case '57P03':
      return `${server} is not ready yet`;
    case '08P01':
      return `${server} refused how the connection was begun: if a pooler lies in between, set DATABASE_POOLER=transaction`;
  }
  if (typeof code === 'string') return `${server} cannot be reached (${code})`;
  return `${server} cannot be reached (no answer within ${waitedMs} ms)`;
}

function isOfTls(code: unknown): code is string {
  return (
    typeof code === 'string' &&
    /^(ERR_(SSL|TLS)_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY))|^EPROTO$/.test(code)
  );
}
