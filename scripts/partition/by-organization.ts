import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The tables of which there are most rows, all of them placed (D2). */
export const PARTITIONED = ['form', 'workflow', 'agent', 'app', 'config'] as const;

/** What turns {@link PARTITIONED} into tables of so many partitions by organization, with what they hold (docs/scale.md). */
export function partitionSql(partitions: number): string {
  if (!Number.isInteger(partitions) || partitions < 1) throw new Error('there is no such number');
  const functions = readFileSync(join(import.meta.dirname, 'by-organization.sql'), 'utf8');
  return `${functions}\nSELECT heimdall_partition_by_organization('{${PARTITIONED}}', ${partitions});`;
}
