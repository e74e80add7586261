import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.js';

const MIGRATIONS = join('prisma', 'migrations');

/** What a later migration may say again, so that of this one nothing is left. */
const DECLARATION =
  /\bCREATE (?:OR REPLACE )?((?:FUNCTION|VIEW|TRIGGER) "?\w+"?)|\b(heimdall_registers_authority\('\w+')/g;

/**
 * The migration that says anew what the bug is planted in, if there is one: no test can notice such a
 * bug, because nothing of it is in the database.
 */
export function supersededBy({ file, find }: Mutant): string | null {
  if (!file.startsWith(MIGRATIONS)) return null;
  const sql = readFileSync(file, 'utf8');
  const end = sql.indexOf(find) + find.length;
  const own = declarations(sql).findLast(({ at }) => at < end);
  if (own === undefined) return null;
  const later = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(MIGRATIONS, name, 'migration.sql'))
    .filter((other) => other > file);
  const says = (other: string) =>
    declarations(readFileSync(other, 'utf8')).some(({ name }) => name === own.name);
  return later.find(says) ?? null;
}

function declarations(sql: string): { readonly name: string; readonly at: number }[] {
  return [...sql.matchAll(DECLARATION)].map((found) => ({
    name: found[1] ?? found[2] ?? '',
    at: found.index,
  }));
}
