import { defineFilter } from '../../graphql/filters.js';
import { Node } from '../../graphql/node.js';
import { defineOrder } from '../../graphql/order.js';
import { defineLookup, defineRootFields } from '../../graphql/root-fields.js';
import { ConfigTypeEnum, known } from '../../graphql/scalars.js';
import { CONFIG_TYPES } from '../../policy/vocabulary.js';
import {
  ownershipFields,
  ownershipFilters,
  placedFields,
  placedFilters,
  sortByText,
  sortByTimes,
} from '../placed-fields.js';
import { shadowFields } from '../shadow-fields.js';
import { ConfigRef, configColumns } from './config.types.js';

ConfigRef.implement({
  description: 'A setting, looked up through the cascade (D2); reading one is managing it (D17).',
  interfaces: [Node],
  authScopes: { signedIn: true },
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'Its key, unique at its scope.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    type: t.field({
      type: ConfigTypeEnum,
      nullable: true,
      description: 'What it holds; null if it is nothing that this version knows.',
      resolve: (row) => known(CONFIG_TYPES, row.type),
    }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What it is set to; null for a secret (D16).',
      resolve: (row) => (row.type === 'SECRET' ? null : row.value),
    }),
    isSecret: t.boolean({
      nullable: false,
      description: 'Whether its value is a secret.',
      resolve: (row) => row.type === 'SECRET',
    }),
    isFinal: t.exposeBoolean('isFinal', {
      nullable: false,
      description: 'Whether it cannot be overridden below.',
    }),
    isActive: t.exposeBoolean('isActive', {
      nullable: false,
      description: 'Whether it is in force.',
    }),
    ...placedFields(t, 'Config'),
    ...ownershipFields(t, 'Config'),
    ...shadowFields(t, 'Config', ConfigRef),
  }),
});

const filter = defineFilter('ConfigFilter', configColumns, {
  ...placedFilters,
  ...ownershipFilters,
});

const order = defineOrder('Config', {
  KEY: sortByText('key'),
  ...sortByTimes,
});

const roots = {
  model: 'Config',
  one: 'config',
  many: 'configs',
  noun: 'config',
  nouns: 'configs',
  ref: ConfigRef,
  filter,
  order,
  hasGlobalRows: true,
  shadows: true,
} as const;

defineRootFields(roots);
defineLookup(roots, 'configByKey', 'key');
