import { json } from '../../commands/checks/json.js';
import { slug } from '../../commands/checks/text.js';
import { assertHasNotRun } from '../../execution/assert-has-not-run.js';
import { open, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { anyOf, managed, used } from '../../policy/predicate.js';
import { audited, cascading, edited, executable, owned, placed } from '../traits/index.js';

export const app = resource('App', {
  resource: 'app',
  noun: 'app',
  naturalKey: ['scope', 'slug'],
  description: 'An app: a bundle that is rendered for whoever may use it.',
  traits: [edited, audited, placed, owned, executable, cascading('slug')],
  columns: {
    slug: open('Its name in addresses, unique at its scope.', { sort: true, set: { check: slug } }),
    bundle: shown('What is rendered.', { set: { check: json(1_000_000) } }),
  },
  beforeDelete: assertHasNotRun('appId'),
  actions: {
    read: anyOf(used, managed('app:read')),
    use: used,
    create: managed('app:create'),
    update: managed('app:update'),
    delete: managed('app:delete'),
    share: managed('app:share'),
    transfer: managed('app:transfer'),
  },
});
