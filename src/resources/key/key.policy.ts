import { atScope, definePolicy, type Policy } from '../../policy/define-policy.js';
import { managed } from '../../policy/predicate.js';
import { OWNERSHIP_FIELDS, PLACED_FIELDS } from '../executable.policy.js';

const keyPolicy = (model: string, resource: 'virtualKey' | 'apiKey'): Policy =>
  definePolicy(model, {
    home: atScope,
    ownership: 'owned',
    name: 'name',
    actions: { read: managed(`${resource}:read`) },
    fields: {
      open: [
        ...PLACED_FIELDS,
        'name',
        'prefix',
        'operations',
        'isActive',
        'expiresAt',
        'revokedAt',
      ],
      managed: OWNERSHIP_FIELDS,
      // INVARIANT: a key is shown once, when it is made; its hash never leaves the database.
      sealed: ['hash'],
    },
  });

export const keyPolicies = [keyPolicy('VirtualKey', 'virtualKey'), keyPolicy('ApiKey', 'apiKey')];
