import { existsSync } from 'node:fs';
import type { Database } from '../../data/clients.js';
import { missingKeys } from '../../data/secret-keys.js';
import type { Env } from '../../env.js';
import { createKeySource } from '../../identity/key-source.js';
import { failed, ok, type Said, warned } from './check.js';

/** Whether tokens can be verified (D18). */
export async function tokenKeys({ tokens, limits }: Env): Promise<Said> {
  if (tokens.kind === 'secret') return ok('signed with HEIMDALL_JWT_SECRET');
  if (tokens.kind === 'kept') {
    // Looked at only: the gateway makes it when it starts.
    const is = existsSync(tokens.file) ? 'is kept in' : 'will be kept in';
    return warned(
      `signed with a secret that ${is} ${tokens.file}`,
      'for development alone: set HEIMDALL_JWKS_URL or HEIMDALL_JWT_SECRET elsewhere',
    );
  }
  const says = `from ${tokens.url.origin}`;
  return (await createKeySource(tokens, limits).hasKeys())
    ? ok(says)
    : failed(`none ${says}`, 'does the provider answer there, and with keys?');
}

/** Whether every secret that is stored can be read (D16). */
export async function secretKeys({ secrets }: Env, database: Database | undefined): Promise<Said> {
  const ids = secrets.keys.map(({ id }) => id);
  const isDemo = secrets.demoFile !== null;
  const known = isDemo ? [...ids, 'demo'] : ids;
  const missing = database === undefined ? [] : await missingKeys(database.sql, known);
  if (missing.length > 0) {
    return failed(
      `secrets are stored under keys that are not configured: ${missing.join(', ')}`,
      'put these keys behind the first in HEIMDALL_SECRET_KEYS, or the secrets cannot be read',
    );
  }
  if (ids.length > 0) return ok(`${ids.length} configured, ${ids[0]} encrypts`);
  return isDemo
    ? ok('none but that of the demo world')
    : warned(
        'none: no secret can be stored',
        'heimdall secrets generate-key, then HEIMDALL_SECRET_KEYS',
      );
}
