import { secretKeyMissing } from '../errors.js';
import type { Keyring } from './keyring.js';

/** What a config's secret is about: INVARIANT: of this one row, and of no other table's (D16). */
const about = (configId: string): string => `config.ciphertext\n${configId.toLowerCase()}`;

/** The value of a config of type SECRET, which may be any JSON but null, as the database has it. */
export function sealConfig(keyring: Keyring, configId: string, value: unknown): string {
  return keyring.seal(JSON.stringify(value), about(configId));
}

/** The same back again. */
export function openConfig(keyring: Keyring, configId: string, envelope: string): unknown {
  return JSON.parse(keyring.open(envelope, about(configId))) as unknown;
}

/**
 * What encrypts a config's secret anew under the newest key.
 *
 * @throws DomainError SECRET_KEY_MISSING: no key is configured
 */
export function resealingOf(keyring: Keyring): {
  readonly newest: string;
  readonly reseal: (configId: string, envelope: string) => string;
} {
  const { newest } = keyring;
  if (newest === null) throw secretKeyMissing(null);
  const reseal = (configId: string, envelope: string): string =>
    keyring.seal(keyring.open(envelope, about(configId)), about(configId));
  return { newest, reseal };
}
