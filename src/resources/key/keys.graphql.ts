import { defineCommands, namedFields, namedIn, scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import { createKey } from './create-key.js';
import { MOST_OVERLAP_SECONDS, revokeKey, rotateKey } from './end-key.js';
import { apiKey, virtualKey } from './keys.js';

const VALUE = {
  name: 'key',
  type: 'String',
  description:
    'What a program sends: told now and never again, for it is kept nowhere. Null where the same Idempotency-Key asks again: rotate the key then.',
} as const;

for (const [resource, kind] of [
  [apiKey, 'API_KEY'],
  [virtualKey, 'VIRTUAL_KEY'],
] as const) {
  const { model, noun } = resource;

  defineType(resource as typeof apiKey, (t) => ({
    ...t.traits(),
    operations: t.computed({
      type: ['String'],
      nullable: false,
      reads: ['operations'],
      meaning: { kind: 'column', column: 'operations', managed: false },
      description:
        'What it may be used for, of what is held by it (D18): type and action, such as `form:read`; `form:use` for using.',
      resolve: (row) => row.operations,
    }),
  }));

  defineRoots(resource);

  const writable = writableOf(resource);
  const settings = settingsOf(resource);

  defineMutation(`create${model}`, {
    resource,
    action: 'create',
    description: `Makes ${noun === 'API key' ? 'an' : 'a'} ${noun}, and tells its value once (D42). It is the caller's own unless an owner or a team is said, which is a transfer; of nobody with \`owner: null\`.`,
    shown: 'row',
    fields: (t) => ({
      ...scopeField(t),
      ...settingFields(t, settings, true),
      operations: t.stringList({
        required: true,
        description:
          'What it may be used for (D18), such as `form:read` and `form:use`; nothing else of what its owner holds.',
      }),
    }),
    tells: VALUE,
    run: async (session, input, tell) => {
      const { row, value } = await createKey(session, writable, kind, settings, input);
      tell(value);
      return [row];
    },
  });

  defineCommands(resource, ['update', 'transfer', 'move', 'delete']);

  defineMutation(`rotate${model}`, {
    resource,
    action: 'rotate',
    description: `Gives the ${noun} another value and tells it once; needs the permission to rotate it, and to hold all that it does (D21).`,
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, noun),
      overlapSeconds: t.int({
        required: true,
        description: `How long the value before works as well, at most ${MOST_OVERLAP_SECONDS} seconds (30 days); 0: not any more.`,
      }),
    }),
    tells: VALUE,
    run: async (session, input, tell) => {
      const overlap = Number(input.overlapSeconds);
      const { row, value } = await rotateKey(session, writable, kind, namedIn(input), overlap);
      tell(value);
      return [row];
    },
  });

  defineMutation(`revoke${model}`, {
    resource,
    action: 'revoke',
    description: `Revokes the ${noun} for ever: it is refused from the next request on.`,
    shown: 'row',
    fields: (t) => namedFields(t, noun),
    run: async (session, input) => [await revokeKey(session, writable, namedIn(input))],
  });
}
