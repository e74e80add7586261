import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { secretKeyMissing } from '../errors.js';

/** A key that secrets are encrypted with, and what envelopes call it. */
export interface SecretKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/**
 * What encrypts and decrypts secrets (D16): AES-256-GCM, under a key that the envelope names. `about` is what the secret
 * belongs to, such as a row's id; it is no part of the envelope, and must be the same again.
 */
export interface Keyring {
  /** The id of the key that encrypts; null: there is none, and nothing can be stored. */
  readonly newest: string | null;
  readonly ids: readonly string[];
  /** @throws DomainError SECRET_KEY_MISSING: no key is configured */
  seal(plaintext: string, about: string): string;
  /**
   * @throws DomainError SECRET_KEY_MISSING: the key that the envelope names is not configured
   * @throws Error when it is no envelope, was changed, or is about something else
   */
  open(envelope: string, about: string): string;
  /**
   * By what a text is known again, without telling who sees it what the text is, or letting them try what it could be: by the
   * newest key, and by each of the others as it may be stored from before. Without keys there is none.
   */
  fingerprints(text: string): readonly string[];
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Version, id of the key, and nonce, tag and ciphertext in one. The database reads the second part, too. */
const ENVELOPE = /^v1\.([a-z0-9-]{1,32})\.([A-Za-z0-9_-]+)$/;

/** The keys, the newest first. It alone encrypts; the others are for what was encrypted before. */
export function createKeyring(keys: readonly SecretKey[]): Keyring {
  const byId = new Map<string, KeyObject>();
  const marks: Uint8Array[] = [];
  for (const { id, bytes } of keys) {
    if (bytes.byteLength !== KEY_BYTES) throw new TypeError('a key has 32 bytes');
    // A KeyObject is printed without what it holds.
    byId.set(id, createSecretKey(bytes));
    marks.push(derived(bytes, 'heimdall fingerprints'));
  }
  const [newest = null] = byId.keys();
  return Object.freeze({
    newest,
    ids: [...byId.keys()],
    seal(plaintext: string, about: string): string {
      const key = newest === null ? undefined : byId.get(newest);
      if (newest === null || key === undefined) throw secretKeyMissing(null);
      // INVARIANT: a nonce is never used twice with a key: it is random, and by 2^32 secrets there is a newer key.
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(bound(newest, about));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      const body = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
      return `v1.${newest}.${body.toString('base64url')}`;
    },
    open(envelope: string, about: string): string {
      const [, id = '', text = ''] = ENVELOPE.exec(envelope) ?? [];
      const body = Buffer.from(text, 'base64url');
      if (body.length < NONCE_BYTES + TAG_BYTES) throw new Error('what is stored is no envelope');
      const key = byId.get(id);
      if (key === undefined) throw secretKeyMissing(id);
      const decipher = createDecipheriv(ALGORITHM, key, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(bound(id, about));
      decipher.setAuthTag(body.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const first = decipher.update(body.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([first, decipher.final()]).toString('utf8');
    },
    fingerprints: (text: string) =>
      marks.map((mark) => createHmac('sha256', mark).update(text).digest('base64')),
  });
}

/** INVARIANT: an envelope that is copied to another row, or said to be under another key, does not open. */
function bound(keyId: string, about: string): Buffer {
  return Buffer.from(`heimdall.v1\n${keyId}\n${about}`, 'utf8');
}

/** The key of the demo world, out of the secret that the gateway keeps for itself. */
export function demoKey(secret: string): SecretKey {
  return { id: 'demo', bytes: derived(secret, 'heimdall secrets of the demo') };
}

/** A key for another use than what it comes from. */
const derived = (from: Uint8Array | string, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', from, '', use, KEY_BYTES));

/** A new key as HEIMDALL_SECRET_KEYS has them: `id:key`. The id says when it was made. */
export function generateKey(now = new Date()): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  return `k${day}-${randomBytes(3).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64url')}`;
}
