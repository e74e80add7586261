import type { ObjectRef } from '@pothos/core';
import type { SchemaShape } from './builder.js';
import type { Context } from './context.js';
import type { Row } from './delegate.js';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;
type Selected = Record<string, unknown>;

/** What a relation means in the database; kept on the GraphQL field as an extension. */
export interface RelationMeaning {
  readonly model: string;
  /** The path of Prisma relations from the row to the related one. */
  readonly path: readonly string[];
}

interface RelationOptions {
  readonly description: string;
  /** Needs Manage(read) on the row (D15). */
  readonly managed?: boolean;
}

/**
 * A to-one relation: null when there is none that the caller may read (D15). Loaded for all rows
 * of a level at once.
 */
export function toOne<Target extends { readonly id: string }>(
  model: string,
  path: readonly string[],
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
) {
  return {
    type,
    nullable: true as const,
    ...common(model, path, options),
    resolve: async (row: { readonly id: string }, _args: object, context: Context) => {
      const [target] = await load(context, model, path, row.id);
      return (target ?? null) as Target | null;
    },
  };
}

/** A to-many relation: the related rows that the caller may read, by name. */
export function toMany<Target extends { readonly id: string }>(
  model: string,
  path: readonly string[],
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
) {
  return {
    type: [type] as [typeof type],
    // A field that may be refused has to be nullable, or the refusal would take the row with it.
    nullable: options.managed === true,
    ...common(model, path, options),
    resolve: async (row: { readonly id: string }, _args: object, context: Context) => {
      const targets = await load(context, model, path, row.id);
      return targets.sort(byName) as unknown as Target[];
    },
  };
}

function common(model: string, path: readonly string[], { description, managed }: RelationOptions) {
  const meaning: RelationMeaning = { model, path };
  return {
    description,
    extensions: { heimdall: meaning },
    ...(managed === true ? { authScopes: managedBy(model) } : {}),
  };
}

/** The auth scope of a management field: Manage(read) on its row (D15). */
export function managedBy(model: string) {
  return (row: { readonly id: string }) => ({ manages: { model, id: row.id } });
}

async function load(
  context: Context,
  model: string,
  path: readonly string[],
  id: string,
): Promise<Row[]> {
  const parent = await context.loaders.related(model, selectOf(path)).load(id);
  return parent === null ? [] : follow(parent, path);
}

function selectOf(path: readonly string[]): object {
  const [relation, ...rest] = path;
  if (relation === undefined) return {};
  return { [relation]: rest.length === 0 ? true : { select: selectOf(rest) } };
}

function follow(row: Selected, path: readonly string[]): Row[] {
  const [relation, ...rest] = path;
  if (relation === undefined) return [row as Row];
  const next = row[relation];
  const rows = Array.isArray(next) ? next : [next];
  return rows
    .filter((one): one is Selected => typeof one === 'object' && one !== null)
    .flatMap((one) => follow(one, rest));
}

function byName(a: Row, b: Row): number {
  return (
    compare(String(a.name ?? a.key ?? ''), String(b.name ?? b.key ?? '')) || compare(a.id, b.id)
  );
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
