import { runCommand } from '../../commands/run.js';
import type { Session } from '../../commands/session.js';
import { actingAt } from '../../commands/spot.js';
import type { Row } from '../../data/prisma/reader.js';
import { badUserInput, notFound } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { dynamicInput } from '../../graphql/comparisons.js';
import { scopeField } from '../../graphql/define-commands.js';
import { cascadeOf } from '../../graphql/define-roots.js';
import { text } from '../../graphql/filter-operands.js';
import { placeOf } from '../../graphql/place-args.js';
import { refOf } from '../../graphql/refs.js';
import type { RowOf } from '../../graphql/types.js';
import { writableOf } from '../../graphql/writable-of.js';
import { isUuid } from '../../policy/pattern.js';
import { roleNamesAt } from '../../policy/roles-at.js';
import { type Extent, type Place, REACHABLE } from '../../policy/situation.js';
import { compare, oneOf } from '../../query/filter.js';
import { usableOf } from '../../query/usable.js';
import { readIn } from '../../request/row-place.js';
import { app } from './app.js';

/** Which app is launched, and where. */
interface Launch {
  readonly id?: string | null;
  readonly slug?: string | null;
  readonly scope?: string | null;
}

interface Launched {
  readonly id: string;
  /** Where it is launched: what counts for a global app is held there (D6). */
  readonly place: Place;
}

const LaunchedRef = builder.objectRef<Launched>('LaunchAppPayload').implement({
  description: 'An app as it is to be rendered for you (D37).',
  authScopes: { signedIn: true },
  fields: (t) => ({
    app: t.field({
      type: refOf('App'),
      nullable: true,
      description: 'The app; null if you may not read it any more.',
      resolve: async ({ id, place }, _args, context, info) => {
        const row = (await context.loaders.row('App', place, info).load(id)) as RowOf<'App'> | null;
        if (row !== null) readIn([row], place);
        return row;
      },
    }),
    bundle: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is rendered.',
      resolve: async ({ id, place }, _args, context) =>
        (await context.loaders.columns('App', place, ['id', 'bundle']).load(id))?.bundle ?? null,
    }),
    roles: t.stringList({
      nullable: false,
      description:
        'The names of the roles that you hold at the app’s place, or that are inherited into it; of a global app, at the root of the organization that you act in. For showing and hiding: they protect nothing (D38).',
      resolve: async ({ id, place }, _args, context) => {
        const columns = ['id', 'organizationId', 'governedBy'];
        const row = await context.loaders.columns('App', place, columns).load(id);
        if (row === null) return [];
        return roleNamesAt(
          context.principal,
          row.organizationId === null
            ? { globalIn: place.organizationId }
            : { inheritsFrom: row.governedBy as readonly string[] },
        );
      },
    }),
  }),
});

const LaunchInput = dynamicInput(
  'LaunchAppInput',
  'Which app to launch: by id or by slug.',
  (t) => ({
    id: t.id({ required: false, description: 'The app by its id.' }),
    slug: t.string({
      required: false,
      description: 'The nearest app of this slug, from the scope up to the global tier (D2).',
    }),
    ...scopeField(t),
  }),
);

const writable = writableOf(app);

builder.mutationField('launchApp', (t) =>
  t.field({
    type: LaunchedRef,
    nullable: true,
    authScopes: { signedIn: true },
    description:
      'Launches an app that you may use, whatever you manage; NOT_FOUND where there is none (D37).',
    args: { input: t.arg({ type: LaunchInput, required: true, description: 'What to launch.' }) },
    resolve: async (_root, args, context, info) => {
      const input = args.input as Launch;
      const place = await placeOf({ scope: input.scope }, context);
      const [id] = await runCommand(context, {
        mutation: 'launchApp',
        responseKey: String(info.path.key),
        writable,
        action: 'launch',
        id: input.id ?? null,
        changesAuthority: false,
        run: async (session) => [await launch(session, input)],
      });
      return { id: String(id), place };
    },
  }),
);

/** D37: what may be used, and nothing else is there, whoever manages it. Throws NOT_FOUND. */
async function launch(session: Session, { id, slug, scope }: Launch): Promise<Row> {
  if ((id == null) === (slug == null)) throw badUserInput('name the app by id or by slug');
  const { there } = await actingAt(session, scope);
  const byId = id != null;
  if (byId && !isUuid(id)) throw notFound();
  const place = byId ? there.place : cascadeOf(there.place);
  const extent: Extent = byId ? REACHABLE : { kind: 'placed' };
  const found = await there.readerAt(place, extent).first({
    model: 'App',
    where: byId
      ? oneOf('id', [id.toLowerCase()])
      : compare('slug', { is: 'equal', value: text(slug ?? '') }),
    ...usableOf(there.decisionsAt(place), 'App', extent),
    select: { columns: ['id'] },
  });
  if (found === null) throw notFound();
  return found;
}
