import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Cell } from './types.js';

/** The one key of every world, as the gateway is given it. */
export const KEY = { id: 'test', bytes: Buffer.alloc(32, 7) } as const;

/** D16: bound to the row, and to the name of the key. */
const about = (id: string): Buffer =>
  Buffer.from(`heimdall.v1\n${KEY.id}\nconfig.ciphertext\n${id}`);

const BEGINS = `v1.${KEY.id}.`;
const [NONCE, TAG] = [12, 16];

/** What a secret config is set to, as it is stored: nonce, tag and what is encrypted. Of one row there is one nonce here. */
export function seal(id: string, value: Cell): string {
  const nonce = createHash('sha256').update(id).digest().subarray(0, NONCE);
  const cipher = createCipheriv('aes-256-gcm', KEY.bytes, nonce).setAAD(about(id));
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return `${BEGINS}${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
}

/** The same back again; throws on what is no envelope of that row. */
export function unseal(id: string, envelope: string): Cell {
  if (!envelope.startsWith(BEGINS)) throw new Error(`no envelope: ${envelope}`);
  const body = Buffer.from(envelope.slice(BEGINS.length), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', KEY.bytes, body.subarray(0, NONCE))
    .setAAD(about(id))
    .setAuthTag(body.subarray(NONCE, NONCE + TAG));
  const value = Buffer.concat([decipher.update(body.subarray(NONCE + TAG)), decipher.final()]);
  return JSON.parse(value.toString('utf8')) as Cell;
}
