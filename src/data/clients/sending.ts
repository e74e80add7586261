import type pg from 'pg';
import type { Limits } from '../../limits/limits.js';
import { sentFor } from '../given-up.js';
import type { SendCompiled } from './database.js';
import { namesOf, PreparedRead } from './prepared-read.js';
import { reached } from './unreachable.js';

/** Sends compiled statements over a pool, each prepared once on each connection. */
export function sending(
  pool: pg.Pool,
  limits: Limits,
  onQuery: (sql: string) => void = () => {},
): SendCompiled {
  const nameOf = namesOf(limits);
  return async (text, values, asked) => {
    onQuery(text);
    const read = new PreparedRead({ name: nameOf(text), text }, values, limits);
    // The pool answers what its callback is told, whatever the published types say.
    const answered: unknown = sentFor(asked, () => pool.query(read));
    return reached(answered as Promise<Awaited<ReturnType<SendCompiled>>>);
  };
}
