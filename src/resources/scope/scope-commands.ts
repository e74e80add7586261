import { lockAll } from '../../commands/locate.js';
import { eachItem } from '../../commands/run.js';
import type { Session } from '../../commands/session.js';
import { changeOf } from '../../commands/settings.js';
import { actingAt } from '../../commands/spot.js';
import { createScope, createScopes, type NewScope } from '../../commands/tree/create-scope.js';
import { deleteScope } from '../../commands/tree/delete-scope.js';
import { moveScope } from '../../commands/tree/move-scope.js';
import { renewed } from '../../commands/tree/renewed.js';
import type { Row } from '../../data/prisma/reader.js';
import { badUserInput } from '../../errors.js';
import { dynamicInput } from '../../graphql/comparisons.js';
import { namedFields, namedIn } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import { scope } from './scope.js';

type Input = Readonly<Record<string, unknown>>;

/** What is special to scopes: they are made in one another, moved with all that is in them, and deleted so. */
export function defineScopeCommands(): void {
  defineCreating();
  defineMoving();
  defineDeleting();
}

const writable = writableOf(scope);
const settings = settingsOf(scope);

function assertFew({ limits: { batchItems } }: Session, items: readonly unknown[]): void {
  if (items.length > batchItems) throw badUserInput(`at most ${batchItems} at once`);
}

function defineCreating(): void {
  defineMutation('createScope', {
    resource: scope,
    action: 'create',
    description:
      'Makes a scope in another one, by the right to create scopes there. Who makes a scope of a DEFINE type owns it (D8).',
    shown: 'row',
    fields: (t) => ({
      type: t.id({ required: true, description: 'Its type, which its parent’s may contain.' }),
      parent: t.id({
        required: false,
        description:
          'The scope that it goes into, or an organization for its root; omitted, where the request acts (D4).',
      }),
      parentExternalId: t.string({
        required: false,
        description:
          'The scope that it goes into by its external id, instead: one that is made by the same mutation, or one that you may read.',
      }),
      ...settingFields(t, settings, true),
    }),
    run: async (session, input) => [await createScope(session, writable, newScope(input))],
  });
  defineMutation('createScopes', {
    resource: scope,
    action: 'create',
    description:
      'Makes scopes, all or none, in whatever order: one may name another of them as its parent, by external id.',
    items: { of: 'createScope', name: 'scopes' },
    shown: 'row',
    run: async (session, { scopes }) => {
      const items = scopes as readonly Input[];
      assertFew(session, items);
      const made = await eachItem('scopes', items, async (item) => newScope(item));
      return createScopes(session, writable, 'scopes', made);
    },
  });
}

function newScope(input: Input): NewScope {
  return {
    typeId: input.type as string,
    change: changeOf(settings, input),
    parent: input.parent as string | null | undefined,
    parentExternalId: (input.parentExternalId ?? null) as string | null,
  };
}

interface ScopeLink {
  readonly parent: string;
  readonly child: string;
}

function defineMoving(): void {
  const move = async (session: Session, input: Input): Promise<Row> => {
    const { spot } = await actingAt(session, input.parent as string);
    return moveScope(session, writable, namedIn(input), spot);
  };
  defineMutation('moveScope', {
    resource: scope,
    action: 'move',
    description:
      'Moves a scope with everything in it into another one of its organization. It takes the right on every row in it, and gives nobody what you could not give them (D21).',
    shown: 'row',
    fields: (t) => ({
      ...namedFields(t, 'scope'),
      parent: t.id({
        required: true,
        description: 'The scope that it goes into, or an organization for its root.',
      }),
    }),
    run: async (session, input) => [await move(session, input)],
  });
  const link = dynamicInput('ScopeLink', 'That a scope is in another one.', (t) => ({
    parent: t.id({
      required: true,
      description: 'The scope that it goes into, or an organization for its root.',
    }),
    child: t.id({ required: true, description: 'The scope, with everything in it.' }),
  }));
  defineMutation('linkScopes', {
    resource: scope,
    action: 'move',
    description:
      'Says what scopes are in, one after another, all or none: a scope has one parent, and so is moved from where it was.',
    items: { of: link, name: 'links' },
    shown: 'row',
    run: async (session, input) => {
      const links = input.links as readonly ScopeLink[];
      assertFew(session, links);
      await lockAll(
        session,
        'Scope',
        links.map(({ child }) => child),
      );
      let acting = session;
      return eachItem('links', links, async ({ parent, child }) => {
        acting.aim({ id: child, at: null });
        const moved = await move(acting, { id: child, parent });
        // What is where, and who may, is another than before.
        acting = await renewed(acting);
        return moved;
      });
    },
  });
}

function defineDeleting(): void {
  defineMutation('deleteScope', {
    resource: scope,
    action: 'delete',
    description:
      'Deletes a scope; CONFLICT while anything lives in it, unless `cascade` says that all of it goes, too, by who may delete each row of it (D21).',
    shown: 'deleted',
    fields: (t) => ({
      ...namedFields(t, 'scope'),
      cascade: t.boolean({
        required: false,
        description: 'Whether everything in it is deleted with it. False unless given.',
      }),
    }),
    run: async (session, input) => [
      await deleteScope(session, writable, namedIn(input), input.cascade === true),
    ],
  });
}
