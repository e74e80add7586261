import type { Principal } from '../policy/principal.js';
import { deepFreeze } from './deep-freeze.js';

/**
 * The principal of one of the gateway's own jobs (D18). It is named, so that the audit can tell jobs
 * apart, and it holds nothing: what a job may do is decided by its kind, never by grants.
 *
 * @param name lower case words joined by hyphens, as in `expire-keys`
 */
export function systemPrincipal(name: string): Principal {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new TypeError('a system principal needs a name of lower case words joined by hyphens');
  }
  return deepFreeze({
    kind: 'SYSTEM',
    label: `system:${name}`,
    userId: null,
    keyId: null,
    operations: null,
    organizationId: null,
    isPlatformAdmin: false,
    isProvider: false,
    teams: { resolved: true, ids: [], memberIds: [] },
    roles: [],
    grants: [],
    conditional: [],
    readAt: null,
    validUntil: null,
  });
}
