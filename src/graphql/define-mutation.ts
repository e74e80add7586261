import type { ObjectRef } from '@pothos/core';
import { runCommand } from '../commands/run.js';
import type { Session } from '../commands/session.js';
import type { Row } from '../data/prisma/reader.js';
import type { Operation } from '../request/columns.js';
import type { Context } from '../request/context.js';
import { builder } from './builder.js';
import { dynamicInput, type InputFields } from './comparisons.js';
import type { Resource } from './declared.js';
import { refOf } from './refs.js';
import { loadRow } from './relations.js';
import { asksFor, marked } from './subgraph-marks.js';
import type { AnyInput, Types } from './types.js';
import { writableOf } from './writable-of.js';

export type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

/** What a payload shows: the rows as they are afterwards, or the ids of those that are gone. */
export type Shown = 'row' | 'deleted';

interface Mutation {
  readonly resource: Resource;
  /** What the record calls it (D19). */
  readonly action: string;
  readonly description: string;
  readonly shown: Shown;
  readonly run: (
    session: Session,
    input: Readonly<Record<string, unknown>>,
    tell: (secret: unknown) => void,
  ) => Promise<Row[]>;
  /**
   * What the payload tells besides, as `run` says it. INVARIANT: it is kept nowhere, and so told once: what is done already and
   * asked for again (Idempotency-Key) answers null.
   */
  readonly tells?: {
    readonly name: string;
    readonly type: 'JSON' | 'String';
    readonly description: string;
  };
  /** What the payload says of what `run` answered, worked out when all else is done; an error is one of that field alone. */
  readonly answers?: {
    readonly name: string;
    /** The type of each item of a list. */
    readonly items: ObjectRef<Types, object>;
    readonly description: string;
    readonly resolve: (id: string, context: Context) => Promise<readonly object[] | null>;
  };
  readonly fields?: (t: InputBuilder) => InputFields;
  /** What follows once it is done, and before it is answered: it can undo nothing, and what it throws is no answer to what was done. */
  readonly afterwards?: (
    ids: readonly string[],
    input: Readonly<Record<string, unknown>>,
    context: Context,
  ) => Promise<void>;
  /** Of a batch: what it takes many of, or the mutation whose inputs those are, and the name of their list. */
  readonly items?: { readonly of: string | AnyInput; readonly name: string };
}

interface Payload {
  readonly ids: readonly string[];
  readonly told?: unknown;
}

const inputs = new Map<string, AnyInput>();

/** The mutation type; without one there is nothing to define mutations on. */
builder.mutationType({
  description:
    'What can be changed. Several mutations run one after another, each whole or not at all: one that fails is null beside its error, and those before it stand.',
});

/** A mutation: one argument `input`, one payload, one transaction. */
export function defineMutation(name: string, mutation: Mutation): void {
  const { resource, action, description, run, afterwards } = mutation;
  const writable = writableOf(resource);
  const payload = payloadOf(name, mutation);
  const input = inputOf(name, mutation);
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      // One field fails alone (D47).
      nullable: true,
      authScopes: { signedIn: true },
      ...marked(asksFor(resource.resource, action)),
      description,
      args: { input: t.arg({ type: input, required: true, description: 'What to do.' }) },
      resolve: async (_root, args, context, info) => {
        const input = args.input as Readonly<Record<string, unknown>>;
        let told: unknown = null;
        const tell = (secret: unknown): void => {
          told = secret;
        };
        const ids = await runCommand(context, {
          mutation: name,
          responseKey: String(info.path.key),
          writable,
          action,
          id: typeof input.id === 'string' ? input.id : null,
          changesAuthority: resource.holdsAuthority === true,
          run: (session) => run(session, input, tell),
        });
        await afterwards?.(ids, input, context);
        return { ids, told };
      },
    }),
  );
}

function inputOf(name: string, { fields, items, description }: Mutation): AnyInput {
  const made = dynamicInput(`${capital(name)}Input`, description, (t) => {
    if (items === undefined) return fields?.(t) ?? {};
    const item = typeof items.of === 'string' ? inputs.get(items.of) : items.of;
    if (item === undefined) throw new Error(`${items.of} is defined after ${name}`);
    return {
      [items.name]: t.field({ type: [item], required: true, description: 'All or none of them.' }),
    };
  });
  inputs.set(name, made);
  return made;
}

function payloadOf(name: string, { resource, shown, items, tells, answers }: Mutation) {
  const { model, noun, nouns, one, many } = resource;
  return builder.objectRef<Payload>(`${capital(name)}Payload`).implement({
    description: `What \`${name}\` did.`,
    authScopes: { signedIn: true },
    fields: (t) => {
      const one$ = ({ ids: [id] }: Payload): string => String(id);
      if (shown === 'deleted') {
        return items === undefined
          ? {
              deletedId: t.id({
                nullable: false,
                description: `The ${noun} that is no more.`,
                resolve: one$,
              }),
            }
          : {
              deletedIds: t.idList({
                nullable: false,
                description: `The ${nouns} that are no more.`,
                resolve: ({ ids }) => [...ids],
              }),
            };
      }
      const load = (id: string, context: Context, info: Operation) =>
        loadRow(model, id, context, info);
      const besides =
        tells === undefined
          ? {}
          : {
              [tells.name]: t.field({
                type: tells.type,
                nullable: true,
                description: tells.description,
                resolve: (({ told }: Payload) => told ?? null) as never,
              }),
            };
      const answered =
        answers === undefined
          ? {}
          : {
              [answers.name]: t.field({
                type: [answers.items],
                nullable: true,
                description: answers.description,
                resolve: ((payload: Payload, _args: object, context: Context) =>
                  answers.resolve(one$(payload), context)) as never,
              }),
            };
      return items === undefined
        ? {
            ...besides,
            ...answered,
            [one]: t.field({
              type: refOf(model),
              nullable: true,
              description: `The ${noun} as it is now; null if you may not read it any more.`,
              resolve: ((payload: Payload, _args: object, context: Context, info: Operation) =>
                load(one$(payload), context, info)) as never,
            }),
          }
        : {
            [many]: t.field({
              type: [refOf(model)],
              nullable: { list: false, items: true },
              description: `The ${nouns} as they are now, in the order of the input; null where you may not read one any more.`,
              resolve: (({ ids }: Payload, _args: object, context: Context, info: Operation) =>
                Promise.all(ids.map((id) => load(id, context, info)))) as never,
            }),
          };
    },
  });
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
