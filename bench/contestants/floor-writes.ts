import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { CREATE, LOCATE, LOCK, UPDATE } from './sql/writes.js';

type Variables = Readonly<Record<string, unknown>>;
type One = { readonly answer: string };

/**
 * What a change takes at least: the lock of authority and the decision in statements of their own (D18), the row locked
 * before it is changed, and the change with its record. Answers the text of the response.
 */
export async function write(
  pool: pg.Pool,
  workload: 'Q7a' | 'Q7b',
  userId: string,
  variables: Variables,
): Promise<string | undefined> {
  const client = await pool.connect();
  const send = <Row extends object>(name: string, text: string, ...values: unknown[]) =>
    client.query<Row>({ name, text, values: [userId, ...values] });
  try {
    await client.query('BEGIN');
    await send('lock', LOCK);
    const text = workload === 'Q7a' ? await create(send, variables) : await update(send, variables);
    await client.query('COMMIT');
    client.release();
    return text;
  } catch (error) {
    // A connection in the middle of a transaction is nobody's.
    client.release(true);
    throw error;
  }
}

type Send = <Row extends object>(
  name: string,
  text: string,
  ...values: unknown[]
) => Promise<pg.QueryResult<Row>>;

async function create(send: Send, { name, fields }: Variables): Promise<string | undefined> {
  const { rows } = await send<One>('create', CREATE, idOfNow(), name, JSON.stringify(fields));
  return rows[0]?.answer;
}

async function update(send: Send, { id, description }: Variables): Promise<string | undefined> {
  await send('locate', LOCATE, id);
  const { rows } = await send<One>('update', UPDATE, id, description);
  return rows[0]?.answer;
}

/** A UUIDv7. */
function idOfNow(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  const digits = `${hex.slice(0, 12)}7${hex.slice(13, 16)}8${hex.slice(17)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
