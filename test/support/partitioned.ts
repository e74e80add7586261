import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/data/clients.js';

/** The tables of which there are most rows, all of them placed (D2). */
export const PARTITIONED = ['form', 'workflow', 'agent', 'app', 'config'] as const;

const SCRIPT = join(
  import.meta.dirname,
  ...['..', '..', 'scripts', 'partition', 'by-organization.sql'],
);

/** Turns {@link PARTITIONED} into tables of so many partitions by organization, with what they hold (docs/scale.md). */
export async function partitionByOrganization(
  { sql }: Pick<Database, 'sql'>,
  partitions: number,
): Promise<void> {
  await sql.script(readFileSync(SCRIPT, 'utf8'));
  await sql.query('SELECT heimdall_partition_by_organization($1::text[], $2::integer)', [
    [...PARTITIONED],
    partitions,
  ]);
}
