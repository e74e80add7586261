/** What PostgreSQL says of a transaction that lost against another one, and may win the next time. */
const LOST = ['40001', '40P01'];

/** A lock was not to be had in time, or a statement did not end in time. */
const LATE = ['55P03', '57014'];

/** A unique index has such a row already. */
const UNIQUE_VIOLATION = '23505';

/** What Prisma makes of some of them, and says without the SQLSTATE where a driver has not told it. */
const PRISMA_CODES: Readonly<Record<string, string>> = { P2002: UNIQUE_VIOLATION, P2003: '23503' };

/** Prisma's code for a lost transaction, of a call that is not raw SQL. */
const PRISMA_LOST = 'P2034';

interface Chained {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly cause?: unknown;
  readonly originalCode?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/**
 * The SQLSTATE behind an error of Prisma or of an adapter, whatever was put around it; undefined: the
 * database has not said any.
 */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { originalCode, code, severity, cause, meta } = error as Chained;
  if (typeof originalCode === 'string') return originalCode;
  // PGlite's own, of a COMMIT. Prisma's codes are as long as a SQLSTATE, but its errors have no severity.
  if (typeof code === 'string' && typeof severity === 'string') return code;
  const behind = sqlStateOf(meta?.driverAdapterError) ?? sqlStateOf(cause);
  return behind ?? (typeof code === 'string' ? PRISMA_CODES[code] : undefined);
}

/** Whether there is such a row already. */
export const isTaken = (error: unknown): boolean => sqlStateOf(error) === UNIQUE_VIOLATION;

/** Whether the whole transaction may be tried anew: it lost against another one, and did nothing. */
export function isLost(error: unknown): boolean {
  return LOST.includes(sqlStateOf(error) ?? '') || (error as Chained | null)?.code === PRISMA_LOST;
}

/** Whether the database was too slow or too busy: not at fault, and nor is what was asked. */
export function isLate(error: unknown): boolean {
  return LATE.includes(sqlStateOf(error) ?? '');
}
