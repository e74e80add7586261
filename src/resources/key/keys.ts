import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { credential, edited, owned, placed } from '../traits/index.js';

resource('VirtualKey', {
  resource: 'virtualKey',
  noun: 'virtual key',
  description: 'A credential for the gateways of models.',
  traits: [edited, placed, owned, credential],
  actions: {
    read: managed('virtualKey:read'),
    create: managed('virtualKey:create'),
    update: managed('virtualKey:update'),
    delete: managed('virtualKey:delete'),
  },
});

resource('ApiKey', {
  resource: 'apiKey',
  noun: 'API key',
  description: 'A credential for programs.',
  traits: [edited, placed, owned, credential],
  actions: {
    read: managed('apiKey:read'),
    create: managed('apiKey:create'),
    update: managed('apiKey:update'),
    delete: managed('apiKey:delete'),
  },
});
