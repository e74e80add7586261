import { changeOf } from '../../commands/settings.js';
import { namedFields, namedIn, scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import { removeScopeOverride } from './remove-override.js';
import { scopeOverride } from './scope-override.js';
import { setScopeOverride } from './set-override.js';

defineType(scopeOverride, (t) => ({
  ...t.traits(),
  state: t.column('state'),
  role: t.one('role'),
  permission: t.one('permission'),
}));

defineRoots(scopeOverride);

const writable = writableOf(scopeOverride);
const settings = settingsOf(scopeOverride);

defineMutation('setScopeOverride', {
  resource: scopeOverride,
  action: 'update',
  description:
    'Disables a permission, a role, or the one in the other, at a scope and in what inherits from it; or enables it there again, which lifts what an override above disables and is for who could have set that one, and holds what others regain (D9, D21). One that is there for the same is changed.',
  shown: 'row',
  fields: (t) => {
    const { version } = namedFields(t, 'scope override');
    return { ...scopeField(t), ...settingFields(t, settings, true), ...(version && { version }) };
  },
  run: async (session, input) => [
    await setScopeOverride(session, writable, {
      scope: input.scope as string | null | undefined,
      version: input.version as number | null | undefined,
      change: changeOf(settings, input),
    }),
  ],
});

defineMutation('removeScopeOverride', {
  resource: scopeOverride,
  action: 'delete',
  description:
    'Removes an override. Who removes one that disables must hold what others regain (D21).',
  shown: 'deleted',
  fields: (t) => namedFields(t, 'scope override'),
  run: async (session, input) => [await removeScopeOverride(session, writable, namedIn(input))],
});
