import { createHash } from 'node:crypto';
import type { PairGroup } from '../../policy/residual.js';

/** The names that the database keeps of pairs of ids: half of the SHA-256 of both (`heimdall_usable_by`). */
export function pairNames(groups: readonly PairGroup[]): string[] {
  const names = new Set<string>();
  for (const { firsts, seconds } of groups) {
    for (const first of firsts) for (const second of seconds) names.add(nameOf(first, second));
  }
  return [...names];
}

function nameOf(first: string, second: string): string {
  const hash = createHash('sha256').update(bytes(first)).update(bytes(second)).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hash.slice(index === 0 ? 0 : ends[index - 1], end))
    .join('-');
}

const bytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
