import { createRequire } from 'node:module';
import pg from 'pg';
import { SESSION } from '../../src/data/clients/session.js';
import { impatient, type Statement } from './capture.js';

/** What one execution of a prepared statement took, once its plan had settled. */
export interface Cost {
  /** Pages read, from the cache or not. */
  readonly buffers: number;
  readonly ms: number;
  readonly planMs: number;
  readonly rows: number;
  /** Whether the server has gone over to the plan that ignores the values. */
  readonly generic: boolean;
  readonly plan: string;
}

const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils.js') as {
  prepareValue(value: unknown): unknown;
};

/** PostgreSQL decides between the two kinds of plan after five executions. */
const EXECUTIONS = 6;

export class Explainer {
  readonly #client: pg.Client;
  #prepared = 0;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** A session like the gateway's; `settings` such as `enable_bitmapscan=off` show other plans. */
  static async connect(url: string, settings: readonly string[] = []): Promise<Explainer> {
    const client = new pg.Client({ connectionString: impatient(url) });
    await client.connect();
    for (const setting of [...SESSION, ...settings]) {
      const [name = '', value = ''] = setting.split('=');
      await client.query('SELECT set_config($1, $2, false)', [name, value]);
    }
    return new Explainer(client);
  }

  /** Executes a statement as the gateway does, named and again and again, and explains the last. */
  async cost({ text, values }: Statement, mode?: string): Promise<Cost> {
    const name = `bench_${++this.#prepared}`;
    const call = `EXECUTE ${name}${values.length === 0 ? '' : `(${values.map(literal).join(', ')})`}`;
    await this.#client.query('BEGIN');
    if (mode !== undefined) await this.#client.query(`SET LOCAL plan_cache_mode = ${mode}`);
    await this.#client.query(`PREPARE ${name} AS ${text}`);
    try {
      for (let n = 0; n < EXECUTIONS; n++) await this.#client.query(call);
      const { rows } = await this.#client.query<{ 'QUERY PLAN': ExplainRow[] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${call}`,
      );
      const plain = await this.#client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${call}`);
      const [row] = rows[0]?.['QUERY PLAN'] ?? [];
      if (row === undefined) throw new Error('EXPLAIN said nothing');
      const kinds = await this.#client.query<{ generic_plans: string }>(
        'SELECT generic_plans FROM pg_prepared_statements WHERE name = $1',
        [name],
      );
      return {
        buffers: row.Plan['Shared Hit Blocks'] + row.Plan['Shared Read Blocks'],
        ms: row['Execution Time'],
        planMs: row['Planning Time'],
        rows: row.Plan['Actual Rows'],
        generic: Number(kinds.rows[0]?.generic_plans ?? 0) > 0,
        plan: plain.rows.map((line) => line['QUERY PLAN']).join('\n'),
      };
    } finally {
      await this.#client.query('ROLLBACK');
      await this.#client.query(`DEALLOCATE ALL`);
    }
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

interface ExplainRow {
  readonly Plan: {
    readonly 'Shared Hit Blocks': number;
    readonly 'Shared Read Blocks': number;
    readonly 'Actual Rows': number;
  };
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

function literal(value: unknown): string {
  const text = prepareValue(value);
  return text === null ? 'NULL' : pg.escapeLiteral(String(text));
}
