import { leaseLost } from '../errors.js';
import type { Apart } from '../request/apart.js';
import { secretsOf } from './handed.js';
import { isUnderWay, leased } from './leased.js';
import { maskOf } from './mask.js';

/** A line that a worker writes. */
export interface Line {
  /** Its place among the lines of the attempt, as its worker counts. */
  readonly seq: number;
  readonly level: string;
  readonly message: string;
  readonly data?: unknown;
  /** ISO 8601, by the worker's clock. */
  readonly at: string;
}

/** So many lines of an execution are kept, whatever the attempt. */
const MOST = 10_000;
/** The place of the line that says that no more are. */
const LAST = 2_147_483_647;

/**
 * Keeps lines of a log (D34), those once that are sent twice: a line is known by its attempt and place. Beyond 10,000 of an execution
 * one last line says that no more are kept.
 *
 * @returns how many of them are kept, now or from before
 * @throws DomainError LEASE_LOST, FORBIDDEN, SECRET_KEY_MISSING
 */
export async function appendLogs(
  apart: Apart,
  id: string,
  leaseToken: string,
  lines: readonly Line[],
): Promise<number> {
  const row = await leased(apart, id, leaseToken);
  if (!isUnderWay(row) || !row.isAlive) throw leaseLost();
  const mask = maskOf(await secretsOf(apart, row.rootId));
  const masked = lines.map(({ seq, level, message, data, at }) => ({
    ...{ seq, level, message: mask(message), data: mask(data), at },
  }));
  const [kept] = await apart.tx.$queryRaw<{ count: number }[]>`
    WITH given AS (
      SELECT l.* FROM jsonb_to_recordset(${JSON.stringify(masked)}::jsonb)
        AS l (seq integer, level text, message text, data jsonb, at timestamptz)
    ), known AS (
      SELECT count(*) AS n FROM execution_log WHERE execution_id = ${row.id}::text::uuid AND seq < ${LAST}::int
    ), fresh AS (
      SELECT g.*, row_number() OVER (ORDER BY g.seq) AS n FROM given g
      WHERE NOT EXISTS (SELECT FROM execution_log o
        WHERE o.execution_id = ${row.id}::text::uuid AND o.attempt = ${row.attempt}::int AND o.seq = g.seq)
    ), written AS (
      INSERT INTO execution_log (id, execution_id, attempt, seq, level, message, data, at)
      SELECT heimdall_next_id(f.n), ${row.id}::text::uuid, ${row.attempt}::int, f.seq, f.level, f.message, f.data, f.at
      FROM fresh f, known k WHERE f.n + k.n <= ${MOST}::int ORDER BY f.n RETURNING seq
    ), cut AS (
      INSERT INTO execution_log (id, execution_id, attempt, seq, level, message, at)
      SELECT heimdall_next_id(${MOST}::int), ${row.id}::text::uuid, ${row.attempt}::int, ${LAST}::int, 'WARN',
        'further lines are not kept', statement_timestamp()
      WHERE (SELECT count(*) FROM fresh) > (SELECT count(*) FROM written)
        AND NOT EXISTS (SELECT FROM execution_log WHERE execution_id = ${row.id}::text::uuid AND seq = ${LAST}::int)
    )
    SELECT ((SELECT count(*) FROM given) - (SELECT count(*) FROM fresh) + (SELECT count(*) FROM written))::int AS count`;
  return kept?.count ?? 0;
}
