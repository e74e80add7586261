import { json } from '../../commands/checks/json.js';
import { description, key } from '../../commands/checks/text.js';
import { open, sealed, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { managed } from '../../policy/predicate.js';
import { CONFIG_TYPES } from '../../policy/vocabulary.js';
import { audited, cascading, edited, owned, placed } from '../traits/index.js';
import { keptValue } from './kept-value.js';

export const config = resource('Config', {
  resource: 'config',
  noun: 'config',
  description: 'A setting, looked up through the cascade (D2); reading one is managing it (D17).',
  traits: [edited, audited, placed, owned, cascading('key')],
  name: 'key',
  naturalKey: ['scope', 'key'],
  readsGlobalRows: true,
  columns: {
    key: open('Its key, unique at its scope.', { sort: true, set: { check: key } }),
    description: open('What it is for.', { set: { check: description } }),
    type: open('What it holds; null if it is nothing that this version knows.', {
      values: CONFIG_TYPES,
      set: {},
    }),
    isFinal: open('Whether it cannot be overridden below.', { set: {} }),
    isActive: open('Whether it is in force.', { set: {} }),
    value: shown(
      'What it is set to, of its type; of a secret any JSON, which is encrypted and told as null (D16).',
      {
        set: { check: json(256 * 1_024) },
      },
    ),
    // INVARIANT: an encrypted value leaves by revealing alone (D16). `value` can be shown, for the
    // database holds it null on a SECRET, but neither filtered nor sorted by (D15).
    ciphertext: sealed('What a secret is set to.'),
  },
  keeping: keptValue,
  privilege: ['read'],
  actions: {
    read: managed('config:read'),
    create: managed('config:create'),
    update: managed('config:update'),
    delete: managed('config:delete'),
    transfer: managed('config:transfer'),
    reveal: managed('config:reveal'),
  },
});
