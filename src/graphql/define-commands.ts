import { changeRow } from '../commands/change-row.js';
import { createRow } from '../commands/create-row.js';
import { deleteRow } from '../commands/delete-row.js';
import { lockAll } from '../commands/locate.js';
import { moveRow } from '../commands/move-row.js';
import { eachItem } from '../commands/run.js';
import type { Session } from '../commands/session.js';
import { actionsOf, assertMaySet, changeOf, type SetBy } from '../commands/settings.js';
import { actingAt, spotOf } from '../commands/spot.js';
import type { Row } from '../data/prisma/reader.js';
import { badUserInput } from '../errors.js';
import type { InputFields } from './comparisons.js';
import type { Resource } from './declared.js';
import { defineMutation, type InputBuilder, type Shown } from './define-mutation.js';
import { settingFields, settingsOf } from './settings.js';
import { writableOf } from './writable-of.js';

/** What can be done with rows of a resource. */
export type CommandName = 'create' | 'update' | 'delete' | 'share' | 'transfer' | 'move';

type Input = Readonly<Record<string, unknown>>;
type Run = (session: Session, input: Input) => Promise<Row>;

/** What making a row of the resource takes and does besides. */
interface Extra {
  readonly fields?: (t: InputBuilder) => InputFields;
  /** With the session as it acts where the row was made. */
  readonly whenMade?: (session: Session, made: Row, input: Input) => Promise<void>;
  /** Under an id that the command has chosen, by which it locks what it makes there. */
  readonly idOf?: (session: Session) => string;
}

interface Made {
  readonly description: string;
  readonly fields: (t: InputBuilder) => InputFields;
  readonly run: Run;
  readonly shown: Shown;
  /** What is done with many at once says so. */
  readonly batch?: string;
}

/**
 * The mutations of a resource, and of many rows at once: `createT`, `createTs` and so on. What they take and
 * check follows from what the resource declares; who may do them, from its actions.
 */
export function defineCommands(
  resource: Resource,
  names: readonly CommandName[],
  extra: Extra = {},
): void {
  const commands = commandsOf(resource, extra);
  const type = resource.model;
  for (const name of names) {
    const { description, fields, run, shown, batch } = commands[name];
    defineMutation(`${name}${type}`, {
      resource,
      action: name,
      description,
      fields,
      shown,
      run: async (session, input) => [await run(session, input)],
    });
    if (batch === undefined) continue;
    const { many } = resource;
    defineMutation(`${name}${type}s`, {
      resource,
      action: name,
      description: batch,
      items: { of: `${name}${type}`, name: many },
      shown,
      run: async (session, input) => {
        const items = input[many] as readonly Input[];
        const { batchItems } = session.limits;
        if (items.length > batchItems) throw badUserInput(`at most ${batchItems} at once`);
        await lockAll(
          session,
          resource.model,
          items.flatMap(({ id }) => (id ? [String(id)] : [])),
        );
        return eachItem(many, items, (item) => {
          // What is refused of one says nothing of where the one before was.
          session.aim({ id: typeof item.id === 'string' ? item.id : null, at: null });
          return run(session, item);
        });
      },
    });
  }
}

function commandsOf(resource: Resource, extra: Extra): Record<CommandName, Made> {
  const { noun, nouns } = resource;
  const writable = writableOf(resource);
  const settings = settingsOf(resource);
  const by = (action: SetBy) => settings.filter((one) => one.by === action && !one.fixed);

  const changing = (action: SetBy): Pick<Made, 'fields' | 'run' | 'shown'> => ({
    shown: 'row',
    fields: (t) => ({ ...namedFields(t, noun), ...settingFields(t, by(action), false) }),
    run: (session, input) => {
      const change = changeOf(by(action), input);
      const parts = [change.columns, change.references, change.links];
      if (parts.every((part) => Object.keys(part).length === 0)) {
        throw badUserInput('the input sets nothing');
      }
      assertMaySet(session.principal, settings, input, false);
      return changeRow(session, writable, action, namedIn(input), change);
    },
  });

  return {
    create: {
      description: `Makes ${a(noun)}, at the scope that is named or else where the request acts (D5).`,
      batch: `Makes ${nouns}, all or none.`,
      shown: 'row',
      fields: (t) => ({
        ...scopeField(t),
        ...settingFields(t, settings, true),
        ...extra.fields?.(t),
      }),
      run: async (session, input) => {
        const set = changeOf(settings, input);
        assertMaySet(session.principal, settings, input, true);
        const scope = input.scope as string | null | undefined;
        const { spot, there } = await actingAt(session, scope);
        const actions = ['create', ...actionsOf(settings, input)];
        const id = extra.idOf === undefined ? {} : { id: extra.idOf(there) };
        const change = { ...set, columns: { ...set.columns, ...id } };
        const made = await createRow(there, writable, spot, change, actions);
        await extra.whenMade?.(there, made, input);
        return made;
      },
    },
    update: {
      ...changing('update'),
      description: `Changes ${a(noun)}: what is left out stays as it is.`,
      batch: `Changes ${nouns}, all or none.`,
    },
    share: {
      ...changing('share'),
      description: `Changes who may use ${a(noun)} (D6); needs the permission to share it.`,
    },
    transfer: {
      ...changing('transfer'),
      batch: `Changes whose ${nouns} are, of all or none.`,
      description: `Changes whose ${a(noun)} is (D7); needs the permission to transfer it, and every other one on it: what is given away must be the giver's (D21).`,
    },
    move: {
      description: `Moves ${a(noun)} to another scope of its organization (D21).`,
      shown: 'row',
      fields: (t) => ({
        ...namedFields(t, noun),
        scope: t.id({
          required: true,
          description: 'Where to: a scope, or an organization for its root.',
        }),
      }),
      run: async (session, input) =>
        moveRow(session, writable, namedIn(input), await spotOf(session, input.scope as string)),
    },
    delete: {
      description: `Deletes ${a(noun)}; CONFLICT while something needs it (D23).`,
      batch: `Deletes ${nouns}, all or none.`,
      shown: 'deleted',
      fields: (t) => namedFields(t, noun),
      run: (session, input) => deleteRow(session, writable, namedIn(input)),
    },
  };
}

/** Where something is made. */
export const scopeField = (t: InputBuilder): InputFields => ({
  scope: t.id({
    required: false,
    description:
      'Where to (D4): omitted, where the request acts; null, the global tier; a scope or an organization by id.',
  }),
});

/** How a row is named that is there. */
export const namedFields = (t: InputBuilder, noun: string): InputFields => ({
  id: t.id({ required: true, description: `The ${noun}.` }),
  version: t.int({
    required: false,
    description:
      'The version that you have seen: CONFLICT if it is another one now. Omitted, whatever it is.',
  }),
});

export const namedIn = (input: Input) => ({
  id: input.id as string,
  version: input.version as number | null | undefined,
});

const a = (noun: string): string => `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
