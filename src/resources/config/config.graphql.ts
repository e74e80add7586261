import { reason } from '../../commands/checks/text.js';
import { changeOf } from '../../commands/settings.js';
import { badInput } from '../../errors.js';
import { handOut } from '../../execution/handed.js';
import { defineCommands, scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import type { Context } from '../../request/context.js';
import { config } from './config.js';
import { revealConfig } from './reveal-config.js';
import { setConfig } from './set-config.js';

const handedOut = async (id: string, { apart }: Context): Promise<unknown> =>
  (await apart((within) => handOut(within, id))) ?? null;

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
    description:
      'What it is set to; null for a secret (D16), but for an execution that looks it up where it runs (D17).',
    resolve: (row, _args, context, info) => {
      if (row.type !== 'SECRET') return row.value;
      // Looked up, one at a time: no list, no relation and no mutation tells it.
      const isLookedUp = info.path.prev?.typename === 'Query' && info.path.prev.prev === undefined;
      if (context.principal.execution === undefined || !isLookedUp) return null;
      return handedOut(row.id, context);
    },
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

defineMutation('revealConfig', {
  resource: config,
  action: 'reveal',
  description:
    'Tells what a secret is set to (D16); needs the permission to reveal it, and is recorded with the reason.',
  shown: 'row',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The config.' }),
    reason: t.string({
      required: true,
      description: 'Why, for whoever reads the record; at most 500 characters.',
    }),
  }),
  tells: {
    name: 'value',
    type: 'JSON',
    description:
      'What it is set to. Told once: who asks again with the same Idempotency-Key is answered null.',
  },
  run: async (session, input, tell) => {
    const { row, value } = await revealConfig(session, String(input.id), reasonOf(input));
    tell(value);
    return [row];
  },
});

/** As long as the record keeps it. */
function reasonOf({ reason: said }: Readonly<Record<string, unknown>>): string {
  const because = String(said).trim();
  const issues = [
    ...reason(because),
    ...(because === '' ? [{ path: [], message: 'it is empty' }] : []),
    ...(because.length > 500 ? [{ path: [], message: 'it has more than 500 characters' }] : []),
  ];
  if (issues.length > 0) {
    throw badInput(issues.map((issue) => ({ ...issue, path: ['reason', ...issue.path] })));
  }
  return because;
}
