import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { DatabaseUnavailableError } from './database.js';

/** How a connection is encrypted: not at all, or by TLS with these options. */
export type Encryption = false | ConnectionOptions;

/** What a URL may say of it. */
export const SSL_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

/**
 * What to try, in order, for the `sslmode` of a URL, with libpq's meanings: `allow` and `prefer` take
 * either, `require` looks at no certificate (unless `sslrootcert` names who must have signed it),
 * `verify-ca` at who signed it, and `verify-full` at the host that it is for as well.
 *
 * Two things are our own. Without a mode it is `prefer`, but for this machine itself, where nobody
 * listens in between, `disable`. And without `sslrootcert`, `verify-full` trusts whom Node trusts.
 *
 * @throws DatabaseUnavailableError
 */
export function encryptionOf(
  host: string,
  given: ReadonlyMap<string, string>,
): readonly Encryption[] {
  const mode = modeOf(host, given.get('sslmode'));
  // TLS is not spoken over the sockets of a folder.
  if (host.startsWith('/') || mode === 'disable') return [false];
  const root = given.get('sslrootcert');
  if (mode === 'verify-ca' && (root === undefined || root === 'system')) {
    throw new DatabaseUnavailableError(
      'the database URL says sslmode=verify-ca and in sslrootcert not whose certificates to take: anybody can have one of a public authority',
    );
  }
  const tls: ConnectionOptions = {
    ...certificates(given),
    rejectUnauthorized: mode.startsWith('verify-') || (mode === 'require' && root !== undefined),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
  if (mode === 'allow') return [false, tls];
  return mode === 'prefer' ? [tls, false] : [tls];
}

function modeOf(host: string, given: string | undefined): Mode {
  if (given === undefined) return isThisMachine(host) ? 'disable' : 'prefer';
  const mode = MODES.find((one) => one === given);
  if (mode === undefined) {
    throw new DatabaseUnavailableError(
      `the database URL has an sslmode that is none of ${MODES.join(', ')}`,
    );
  }
  return mode;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function certificates(given: ReadonlyMap<string, string>): ConnectionOptions {
  const root = given.get('sslrootcert');
  const certificate = given.get('sslcert');
  const key = given.get('sslkey');
  return {
    ...(root === undefined || root === 'system' ? {} : { ca: contentOf(root, 'sslrootcert') }),
    ...(certificate === undefined ? {} : { cert: contentOf(certificate, 'sslcert') }),
    ...(key === undefined ? {} : { key: contentOf(key, 'sslkey') }),
  };
}

function contentOf(file: string, parameter: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new DatabaseUnavailableError(
      `the file that ${parameter} of the database URL names cannot be read (${code})`,
    );
  }
}
