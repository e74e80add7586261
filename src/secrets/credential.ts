import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The kinds of keys that sign in (D18), and what their values begin with. */
export const CREDENTIAL_KINDS = { API_KEY: 'hdak_', VIRTUAL_KEY: 'hdvk_' } as const;
export type CredentialKind = keyof typeof CREDENTIAL_KINDS;

/**
 * A key's value: its kind, 12 letters by which it is looked up, 32 that are secret (190 bits), 6 by which scanners tell it from
 * noise. Only letters and digits follow the kind, so that a double click selects all of it.
 */
const LOOKUP = 12;
const SECRET = 32;
const CHECKSUM = 6;
const VALUE = /^hd[av]k_[0-9A-Za-z]{50}$/;

/** What is kept of a key's value. */
export interface KeptCredential {
  /** The kind and the letters of the lookup: not secret, and shown in lists. */
  readonly prefix: string;
  /** SHA-256, in hex. A random value of 190 bits needs no slow hash. */
  readonly hash: string;
}

export interface Credential extends KeptCredential {
  readonly kind: CredentialKind;
}

/** A new value, shown once, and what is kept of it; `prefix`: of a key that is rotated, its own. */
export function makeCredential(
  kind: CredentialKind,
  prefix = CREDENTIAL_KINDS[kind] + letters(LOOKUP),
): KeptCredential & { readonly value: string } {
  const body = prefix + letters(SECRET);
  const value = body + checksum(body);
  return { value, prefix, hash: hashOf(value) };
}

/** What a value is looked up by; null: it is none. INVARIANT: this proves nothing of it (D42). */
export function readCredential(value: string): Credential | null {
  if (!VALUE.test(value)) return null;
  const body = value.slice(0, -CHECKSUM);
  const kind = value.startsWith(CREDENTIAL_KINDS.API_KEY) ? 'API_KEY' : 'VIRTUAL_KEY';
  if (checksum(body) !== value.slice(-CHECKSUM)) return null;
  return {
    kind,
    prefix: value.slice(0, CREDENTIAL_KINDS[kind].length + LOOKUP),
    hash: hashOf(value),
  };
}

/** Whether a hash is one of those that are kept. It takes the same time whichever it is, or how much of one. */
export function isHashOf(hash: string, kept: readonly (string | null)[]): boolean {
  const given = Buffer.from(hash, 'hex');
  let found = false;
  for (const one of kept) {
    const stored = Buffer.from(one ?? '', 'hex');
    const isSame = stored.length === given.length && timingSafeEqual(stored, given);
    found = isSame || found;
  }
  return found;
}

const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Each of the 62 equally likely: what a byte has beyond four times 62 is thrown away. */
function letters(count: number): string {
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count)) {
      if (byte < 248 && text.length < count) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

/** CRC-32 to the base of 62. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let digit = 0; digit < CHECKSUM; digit += 1) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
