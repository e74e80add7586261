import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../data/folders.js';

const BYTES = 48;
const MINIMUM_LENGTH = 32;

/**
 * The development secret: made at random by whoever asks first and kept in `file`, readable by its
 * owner alone. The gateway and `npm run token` ask for the same file and so agree.
 *
 * @throws Error if the file holds something too short to be a secret, or its folder cannot be made
 */
export function keptSecret(file: string): string {
  const secret = read(file) ?? make(file);
  if (secret.length < MINIMUM_LENGTH) {
    throw new Error(`${file} does not hold a secret: remove it to have a new one made`);
  }
  return secret;
}

function read(file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    chmodSync(file, 0o600);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside and linked into place: of two at once one wins, and nobody reads half a secret. */
function make(file: string): string {
  makeFolder(dirname(file), 0o700);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(BYTES).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
