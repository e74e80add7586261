import { conflict, leaseLost } from '../errors.js';
import type { Apart } from '../request/apart.js';
import { secretsOf } from './handed.js';
import { isUnderWay, type Leased, leased } from './leased.js';
import { maskOf } from './mask.js';
import { trace } from './trace.js';

/** What became of an execution, as its worker is told. */
export interface Moved {
  readonly id: string;
  readonly status: string;
}

/** What a worker says went wrong. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly detail: unknown;
  readonly retryable: boolean;
}

/** What ends an attempt. */
interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly result?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly detail?: unknown;
}

/**
 * Ends an attempt with a result (D34). The same again is answered the same; another is a CONFLICT.
 *
 * @throws DomainError LEASE_LOST, CONFLICT, FORBIDDEN, SECRET_KEY_MISSING
 */
export async function complete(
  apart: Apart,
  id: string,
  leaseToken: string,
  result: unknown,
): Promise<Moved> {
  const row = await leased(apart, id, leaseToken);
  return end(apart, row, { status: 'SUCCEEDED', result });
}

/**
 * Ends an attempt without one; where it may be tried again, and tries are left, another follows after 2ⁿ seconds (D32).
 *
 * @throws DomainError LEASE_LOST, CONFLICT, FORBIDDEN, SECRET_KEY_MISSING
 */
export async function fail(
  apart: Apart,
  id: string,
  leaseToken: string,
  { code, message, detail, retryable }: Failure,
): Promise<Moved> {
  const row = await leased(apart, id, leaseToken);
  const { status, attempt, released, maxAttempts } = row;
  if (retryable && status === 'CANCELLING') return cancelled(apart, row, 'fail');
  if (retryable && status === 'RUNNING' && attempt - released < maxAttempts) {
    return again(apart, row, 'fail', 0, attempt - released);
  }
  // Said once more: it is queued by what was said the first time.
  if (retryable && (status === 'QUEUED' || status === 'CANCELLED')) return { id: row.id, status };
  return end(apart, row, { status: 'FAILED', code, message, detail });
}

/**
 * Gives an execution back as if it had not been claimed (D34): the attempt is not counted.
 *
 * @throws DomainError LEASE_LOST, FORBIDDEN
 */
export async function release(apart: Apart, id: string, leaseToken: string): Promise<Moved> {
  const row = await leased(apart, id, leaseToken);
  const { status } = row;
  if (status === 'RUNNING') return again(apart, row, 'release', 1, null);
  if (status === 'CANCELLING') return cancelled(apart, row, 'release');
  if (status === 'QUEUED' || status === 'CANCELLED') return { id: row.id, status };
  throw leaseLost();
}

/** To the queue again, and not before so many powers of two of seconds have passed. */
async function again(
  apart: Apart,
  row: Leased,
  action: string,
  released: number,
  exponent: number | null,
): Promise<Moved> {
  const { id, status: from, attempt, organizationId, scopeId } = row;
  const moved = await apart.tx.$executeRaw`
    UPDATE execution SET status = 'QUEUED', moved_by = 'worker', moved_at = statement_timestamp(),
      released = released + ${released}::int, progress = NULL, version = version + 1, updated_at = statement_timestamp(),
      not_before = statement_timestamp() + make_interval(secs => 2 ^ ${exponent}::int)
    WHERE id = ${id}::text::uuid AND status = ${from}`;
  assertMoved(moved);
  await trace(apart, action, [{ id, organizationId, scopeId, from, to: 'QUEUED', attempt }]);
  return { id, status: 'QUEUED' };
}

async function cancelled(apart: Apart, row: Leased, action: string): Promise<Moved> {
  const { id, status: from, attempt, organizationId, scopeId } = row;
  const moved = await apart.tx.$executeRaw`
    UPDATE execution SET status = 'CANCELLED', moved_by = 'worker', moved_at = statement_timestamp(),
      finished_at = statement_timestamp(), version = version + 1, updated_at = statement_timestamp()
    WHERE id = ${id}::text::uuid AND status = ${from}`;
  assertMoved(moved);
  await trace(apart, action, [{ id, organizationId, scopeId, from, to: 'CANCELLED', attempt }]);
  return { id, status: 'CANCELLED' };
}

async function end(apart: Apart, row: Leased, said: Outcome): Promise<Moved> {
  const { tx } = apart;
  const { id, status: from, attempt, organizationId, scopeId } = row;
  const isLate = from === 'FAILED' && row.errorCode === 'LEASE_LOST' && !row.late;
  const mask = maskOf(await secretsOf(apart, row.rootId));
  // What a worker writes as it likes; never the status, or what these are called.
  const [code, message] = [mask(said.code ?? null), mask(said.message ?? null)];
  const [result, detail] = [jsonOf(mask(said.result)), jsonOf(mask(said.detail))];
  const { status } = said;
  if (!isUnderWay(row) && !(isLate && row.isFresh)) {
    const [same] = await tx.$queryRaw<{ same: boolean }[]>`
      SELECT status = ${status} AND result IS NOT DISTINCT FROM ${result}::jsonb
        AND error_code IS NOT DISTINCT FROM ${code}::text AND error_message IS NOT DISTINCT FROM ${message}::text
        AND error_detail IS NOT DISTINCT FROM ${detail}::jsonb AS same
      FROM execution WHERE id = ${id}::text::uuid`;
    if (same?.same === true) return { id, status };
    if (from === 'SUCCEEDED' || (from === 'FAILED' && !isLate && row.errorCode !== 'LEASE_LOST')) {
      throw conflict('it has ended with something else');
    }
    throw leaseLost();
  }
  const moved = await tx.$executeRaw`
    UPDATE execution SET status = ${status}, moved_by = 'worker', moved_at = statement_timestamp(),
      finished_at = statement_timestamp(), late = ${isLate}, result = ${result}::jsonb, error_code = ${code},
      error_message = ${message}, error_detail = ${detail}::jsonb, version = version + 1, updated_at = statement_timestamp()
    WHERE id = ${id}::text::uuid AND status = ${from}`;
  assertMoved(moved);
  const action = status === 'SUCCEEDED' ? 'complete' : 'fail';
  await trace(apart, action, [{ id, organizationId, scopeId, from, to: status, attempt }]);
  return { id, status };
}

/** INVARIANT: one conditional UPDATE a transition (D32). It is locked since it was read, and so it is still what it was then. */
function assertMoved(rows: number): void {
  if (rows !== 1) throw new Error('an execution that is locked is not what it was any more');
}

/** As a parameter of a statement; JSON's null is kept as such, and what is not said is none. */
const jsonOf = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);
