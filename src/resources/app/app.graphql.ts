import { defineCommands } from '../../graphql/define-commands.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { app } from './app.js';

defineType(app, (t) => ({
  ...t.traits(),
  slug: t.column('slug'),
  bundle: t.column('bundle'),
}));

defineRoots(app);

defineCommands(app, ['create', 'update', 'share', 'transfer', 'move', 'delete']);
