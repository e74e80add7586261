import { changeOf } from '../../commands/settings.js';
import { defineCommands, scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import { config } from './config.js';
import { setConfig } from './set-config.js';

const SECRET = { column: 'type', value: 'SECRET' };

defineType(config, (t) => ({
  ...t.traits(),
  key: t.column('key'),
  description: t.column('description'),
  type: t.column('type'),
  isFinal: t.column('isFinal'),
  isActive: t.column('isActive'),
  value: t.computed({
    type: 'JSON',
    nullable: true,
    reads: ['type', 'value'],
    meaning: { kind: 'column', column: 'value', managed: false, unless: SECRET },
    description: 'What it is set to; null for a secret (D16).',
    resolve: (row) => (row.type === 'SECRET' ? null : row.value),
  }),
  isSecret: t.computed({
    type: 'Boolean',
    nullable: false,
    reads: ['type'],
    meaning: { kind: 'says', word: SECRET },
    description: 'Whether its value is a secret.',
    resolve: (row) => row.type === 'SECRET',
  }),
}));

defineRoots(config);

defineCommands(config, ['create', 'update', 'transfer', 'move', 'delete']);

const writable = writableOf(config);
const settings = settingsOf(config).filter(({ by }) => by === 'update');

defineMutation('setConfig', {
  resource: config,
  action: 'update',
  description:
    "Sets a config by its key (D5): the nearest one, as reading it would find it; with a scope, that scope's own, which is made if there is none.",
  shown: 'row',
  fields: (t) => ({ ...scopeField(t), ...settingFields(t, settings, true) }),
  run: async (session, input) => {
    const { key, ...others } = input;
    const { columns } = changeOf(settings, { key });
    const change = changeOf(settings, others);
    const scope = input.scope as string | null | undefined;
    return [await setConfig(session, writable, scope, String(columns.key), change)];
  },
});
