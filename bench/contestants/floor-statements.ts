import pg from 'pg';
import type { WorkloadName } from './contestant.js';
import { write } from './floor-writes.js';
import { type ReadName, STATEMENTS } from './sql/statements.js';

/** Answers with the text of a response, or undefined where there is no such user. */
export type Ask = (
  workload: WorkloadName,
  userId: string,
  variables: Readonly<Record<string, unknown>>,
) => Promise<string | undefined>;

/** What a statement takes besides the user, out of a request's variables. */
const PARAMETERS: Readonly<
  Record<ReadName, (variables: Readonly<Record<string, unknown>>) => readonly unknown[]>
> = {
  Q1: () => [],
  Q2: ({ id }) => [id],
  Q3: ({ key }) => [key],
  Q4: ({ id }) => [id],
  Q5: ({ checks }) => [
    (checks as readonly { resourceId: string }[]).map(({ resourceId }) => resourceId),
  ],
  Q5a: ({ id }) => [id],
  Q6: ({ after }) => JSON.parse(Buffer.from(String(after), 'base64url').toString()).slice(1),
  Q8: ({ representations }) => {
    const rows = representations as readonly { __typename: string; id: string }[];
    return [rows.map((row) => row.__typename), rows.map((row) => row.id)];
  },
};

const SESSION = [
  // The statements are written so that one plan serves everybody: it is made once a connection.
  '-c plan_cache_mode=force_generic_plan',
  // That costs more than it saves wherever the planner guesses high.
  '-c jit=off',
  // Every list is read in the order of an index: an average organization is small enough to sort.
  '-c enable_bitmapscan=off',
].join(' ');

/** What answers with texts. */
export interface Statements {
  readonly ask: Ask;
  close(): Promise<void>;
}

/** As many connections as everybody has. */
export function openPool(): pg.Pool {
  const { DATABASE_URL, POOL_SIZE = '10' } = process.env;
  if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is not set');
  return new pg.Pool({
    connectionString: DATABASE_URL,
    max: Number(POOL_SIZE),
    options: SESSION,
  });
}

/** Every statement is prepared by name, once a connection. */
export function openStatements(): Statements {
  const pool = openPool();
  return {
    async ask(workload, userId, variables) {
      if (workload === 'Q7a' || workload === 'Q7b') {
        return write(pool, workload, userId, variables);
      }
      const { rows } = await pool.query<{ answer: string }>({
        name: workload,
        text: STATEMENTS[workload],
        values: [userId, ...PARAMETERS[workload](variables)],
      });
      return rows[0]?.answer;
    },
    close: () => pool.end(),
  };
}
