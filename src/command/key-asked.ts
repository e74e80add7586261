import type { FoundKey } from '../commands/found-key.js';
import { readCredential } from '../secrets/credential.js';
import { type Given, UsageError } from './command.js';

const PREFIX = /^hd[av]k_[0-9A-Za-z]{12}$/;

/** The prefix of the key that was named, by it or by a whole value. Throws UsageError: it is neither. */
export function prefixIn({ positionals }: Given): string {
  const [named = '', ...more] = positionals;
  if (named === '' || more.length > 0) throw new UsageError('name one key, by its prefix');
  const prefix = PREFIX.test(named) ? named : readCredential(named)?.prefix;
  // INVARIANT: what was given is not said again: it may be a secret with a letter too few.
  if (prefix === undefined) {
    throw new UsageError('this is no key: the prefix is hdak_ or hdvk_ and 12 letters and digits');
  }
  return prefix;
}

/** What is said of a key, a line each. */
export function sentencesOf(key: FoundKey): string[] {
  const at = (time: Date | null, otherwise: string) => time?.toISOString() ?? otherwise;
  return [
    `${key.prefix}… is the ${key.kind === 'API_KEY' ? 'API key' : 'virtual key'} "${key.name}" (${key.id})`,
    `organization  ${key.organization?.name} (${key.organization?.id})`,
    `scope         ${key.scope?.name ?? 'without a name'} (${key.scope?.id})`,
    `owner         ${key.owner?.email ?? (key.team === null ? 'nobody' : `the team ${key.team.name}`)}`,
    `active        ${key.isActive ? 'yes' : 'no'}`,
    `expires       ${at(key.expiresAt, 'never')}`,
    `revoked       ${at(key.revokedAt, 'no')}`,
    `last used     ${at(key.lastUsedAt, 'not known')}`,
  ];
}
