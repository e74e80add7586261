import type { Database, DatabaseOptions } from './clients/database.js';
import { openEmbedded } from './clients/embedded.js';
import { openPostgres } from './clients/postgres.js';

export {
  type Database,
  type DatabaseOptions,
  DatabaseUnavailableError,
  type Sql,
  type TransactionalSql,
} from './clients/database.js';

/**
 * Opens the database: the server at `url`, else the embedded one in `folder`.
 * Throws `DatabaseUnavailableError`, whose message is for an operator.
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { url, ...others } = options;
  return url === undefined ? openEmbedded(others) : openPostgres({ ...others, url });
}
