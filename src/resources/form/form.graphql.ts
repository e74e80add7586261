import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { form } from './form.js';

defineType(form, (t) => ({
  ...t.traits(),
  fields: t.column('fields'),
  workflow: t.one('workflow'),
  fixedParameters: t.column('fixedParameters'),
}));

defineRoots(form);

defineCommands(form, ['create', 'update', 'share', 'transfer', 'move', 'delete']);
