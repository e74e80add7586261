import { issue } from '../../commands/checks/check.js';
import type { RowCheck } from '../../commands/writable.js';
import { related } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { audited, credential, edited, owned, placed } from '../traits/index.js';
import { watchKey } from './handing-out.js';

/** A key belongs to an organization, by which it stands and falls (D18). */
const ofAnOrganization: RowCheck = ({ organizationId }) =>
  organizationId === null ? [issue('there is no key without an organization', 'scope')] : [];

/** Unlike other rows a key can be made for nobody, and then holds what it is given itself (D42). */
const owner = related('Whose it is: it does what they may, as far as it is for that (D42).', {
  managed: true,
  set: { by: 'transfer' },
});

const shared = {
  traits: [edited, audited, placed, owned, credential],
  ownership: 'key',
  relations: { owner },
  check: ofAnOrganization,
  holdsAuthority: true,
} as const;

export const virtualKey = resource('VirtualKey', {
  ...shared,
  watch: watchKey('VirtualKey'),
  resource: 'virtualKey',
  noun: 'virtual key',
  description: 'A credential for the gateways of models.',
  actions: {
    read: managed('virtualKey:read'),
    create: managed('virtualKey:create'),
    update: managed('virtualKey:update'),
    delete: managed('virtualKey:delete'),
    transfer: managed('virtualKey:transfer'),
    rotate: managed('virtualKey:rotate'),
    revoke: managed('virtualKey:revoke'),
  },
});

export const apiKey = resource('ApiKey', {
  ...shared,
  watch: watchKey('ApiKey'),
  resource: 'apiKey',
  noun: 'API key',
  description: 'A credential for programs.',
  actions: {
    read: managed('apiKey:read'),
    create: managed('apiKey:create'),
    update: managed('apiKey:update'),
    delete: managed('apiKey:delete'),
    transfer: managed('apiKey:transfer'),
    rotate: managed('apiKey:rotate'),
    revoke: managed('apiKey:revoke'),
  },
});
