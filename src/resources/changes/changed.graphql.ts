import { badUserInput } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { scopeArgument } from '../../graphql/define-roots.js';
import { Node } from '../../graphql/node.js';
import type { LiveEvent, LiveKind } from '../../request/live.js';
import { readIn } from '../../request/row-place.js';
import { models } from '../decisions/models.js';

/** The types whose changes are kept (`heimdall_keeps_changes`). */
const LIVE_TYPES = ['form', 'workflow', 'agent', 'app', 'config'] as const;

builder.subscriptionType({
  description: 'What can be subscribed to. Every event is decided anew (D18).',
});

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'What an event says.',
  values: {
    STARTED: { description: 'Changes are told from here on: read the list now.' },
    CREATED: { description: 'A row can be seen by you that could not before.' },
    UPDATED: { description: 'A row that you see was changed; you may not have seen it before.' },
    DELETED: { description: 'A row that you saw cannot be seen by you any more.' },
    ACCESS_CHANGED: { description: 'What you may see is another: read the list again.' },
  } satisfies Record<LiveKind, object>,
});

const Changed = builder.objectRef<LiveEvent>('Changed').implement({
  description: 'Something was changed, as far as you may see it.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    kind: t.field({
      type: ChangeKind,
      nullable: false,
      description: 'What it says.',
      resolve: ({ kind }) => kind,
    }),
    type: t.string({
      nullable: true,
      description: 'The type of the row, such as `form`; null where it is about none.',
      resolve: ({ model }) => typeOf(model),
    }),
    id: t.id({
      nullable: true,
      description: 'The id of the row; null where it is about none.',
      resolve: ({ id }) => id,
    }),
    node: t.field({
      type: Node,
      nullable: true,
      description: 'The row as it is now, if you may read it now.',
      resolve: async ({ kind, model, id, place }, _args, context, info) => {
        if (model === null || id === null || kind === 'DELETED') return null;
        const row = await context.loaders.row(model, place, info).load(id);
        if (row === null) return null;
        const shown = { ...row, id, __typename: model };
        readIn([shown], place);
        return shown;
      },
    }),
    cursor: t.string({
      nullable: false,
      description: 'To come back with, as `after`, once this event has been dealt with.',
      resolve: ({ cursor }) => cursor,
    }),
  }),
});

builder.subscriptionField('changed', (t) =>
  t.field({
    type: Changed,
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'What is changed of the rows that you may read in a place, shadowed ones included, as it is changed: whoever reads the list at STARTED and ACCESS_CHANGED, and does what the other events say, has what the list has.',
    args: {
      types: t.arg.stringList({
        description: `Which types, of ${LIVE_TYPES.map((one) => `\`${one}\``).join(', ')}; omitted, all of these.`,
      }),
      scope: t.arg(scopeArgument),
      after: t.arg.string({
        description:
          'The cursor of the last event that was dealt with. CURSOR_EXPIRED: what came after it cannot be told any more. Omitted, from now on.',
      }),
    },
    subscribe: (_root, { types, scope, after }, context) =>
      context.subscribe({ models: modelsOf(types), scope, after: after ?? null }),
    resolve: (event) => event as LiveEvent,
  }),
);

function modelsOf(types: readonly string[] | null | undefined): readonly string[] {
  const asked = [...new Set(types ?? LIVE_TYPES)].sort();
  const known = models() as ReadonlyMap<string, string>;
  return asked.map((type) => {
    const model = known.get(type);
    if (model === undefined || !(LIVE_TYPES as readonly string[]).includes(type)) {
      throw badUserInput(`types are some of ${LIVE_TYPES.join(', ')}`);
    }
    return model;
  });
}

function typeOf(model: string | null): string | null {
  if (model === null) return null;
  for (const [type, of] of models()) if (of === model) return type;
  return null;
}
