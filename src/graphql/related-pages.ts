import type { GraphQLResolveInfo } from 'graphql';
import { dataModel } from '../data/generated-data-model.js';
import type { Row } from '../data/prisma/reader.js';
import { locatedAt } from '../limits/located.js';
import { relationOf } from '../query/data-model.js';
import { ALL, type Filter, is } from '../query/filter.js';
import type { Context } from '../request/context.js';
import type { PageQuestion, Related, ToMany } from '../request/loaders.js';
import { placeOfRow } from '../request/row-place.js';
import { type AskedPage, type ConnectionShape, orderKeys, pageOf, readPage } from './connection.js';
import { filterOf, type ListArgs, orderOf } from './list.js';

/** The relation of this name, `far` told if there are rows between. */
export function toMany(model: string, relation: string, far: string | undefined): ToMany {
  const { type } = relationOf(dataModel, model, relation);
  if (far === undefined) return { model, relation, farId: 'id', target: type };
  const { type: target, from } = relationOf(dataModel, type, far);
  const [farId] = from;
  if (farId === undefined) throw new Error(`${type}.${far} is no to-one relation`);
  return { model, relation, far, farId, target };
}

/** What a field asks of its relation: the same for all rows that have the field. */
interface Asked {
  readonly page: AskedPage;
  readonly question: PageQuestion;
}

/**
 * The related rows that the caller may read, a page of them for each row. Three questions for all rows of a
 * level at once: which rows are on the pages, what they say, and how many there are.
 */
export function resolveRelated(
  relation: ToMany,
  args: ListArgs,
  source: { readonly id: string },
  context: Context,
  info: GraphQLResolveInfo,
): ConnectionShape<Row> {
  return pagesOf(relation, [], args, source, context, info, ({ rows }) => rows);
}

/** A related row, with the row between that leads to it from another one. */
export interface Linked<Source> {
  readonly from: Source;
  readonly link: Readonly<Record<string, unknown>>;
  readonly row: Row;
}

/** The same, each with these columns of the row between. */
export function resolveLinked<Source extends { readonly id: string }>(
  relation: ToMany,
  columns: readonly string[],
  args: ListArgs,
  source: Source,
  context: Context,
  info: GraphQLResolveInfo,
): ConnectionShape<Linked<Source>> {
  const linked = ({ rows, links }: Related): Linked<Source>[] =>
    // A cursor is of the related row: its columns stand beside.
    rows.map((row, index) => ({ ...row, row, link: links[index] ?? {}, from: source }));
  return pagesOf(relation, columns, args, source, context, info, linked);
}

function pagesOf<T extends object>(
  relation: ToMany,
  linked: readonly string[],
  args: ListArgs,
  source: { readonly id: string },
  context: Context,
  info: GraphQLResolveInfo,
  shown: (found: Related) => readonly T[],
): ConnectionShape<T> {
  // Of oneself no more than a part may be known: there to ask for the rest is FORBIDDEN, and not an empty list.
  Reflect.get(source, relation.relation);
  const { page, question } = askedOf(relation, linked, args, context, info);
  const { loaders } = context;
  const place = placeOfRow(source, context);
  return {
    page: async () => {
      const found = await loaders.page(relation, question, place, info).load(source.id);
      return pageOf(page, shown(found), found.more);
    },
    totalCount: () => {
      const { model, relation: name } = relation;
      return loaders.count(model, name, question.where, place).load(source.id);
    },
  };
}

/** By the place of a field in the answer and, where several types have fields there, by the field itself. */
const asked = new WeakMap<Context, Map<string, Map<object, () => Asked>>>();

/**
 * Read, and charged, once for each place of the document and not once for each row; so is what is wrong with it.
 *
 * INVARIANT: rows of several types may be at one place, and ask there for different things under one name.
 */
function askedOf(
  relation: ToMany,
  linked: readonly string[],
  args: ListArgs,
  context: Context,
  info: GraphQLResolveInfo,
): Asked {
  const ofRequest = asked.get(context) ?? new Map<string, Map<object, () => Asked>>();
  asked.set(context, ofRequest);
  const at = placeInDocument(info);
  const known = ofRequest.get(at) ?? new Map<object, () => Asked>();
  ofRequest.set(at, known);
  const [field = info] = info.fieldNodes;
  const found = known.get(field) ?? settled(() => read(relation, linked, args, context), info);
  known.set(field, found);
  return found();
}

function read(
  { far, target }: ToMany,
  linked: readonly string[],
  args: ListArgs,
  context: Context,
): Asked {
  const page = readPage(args, orderOf(target).toKeys(args.orderBy), context.limits);
  const { where = ALL } = filterOf(target, args.where, context);
  const question = questionOf(far, page, where);
  return { page, question: linked.length === 0 ? question : { ...question, linked } };
}

/** What comes of it, or the error, the same each time. */
function settled<T>(make: () => T, info: GraphQLResolveInfo): () => T {
  try {
    const made = make();
    return () => made;
  } catch (error) {
    const mistake = locatedAt(error, info);
    return () => {
      throw mistake;
    };
  }
}

/** In the words of the relation: what is asked of rows behind rows between is asked by way of these. */
export function questionOf(
  far: string | undefined,
  { keys, order, size, beyond }: AskedPage,
  where: Filter,
): PageQuestion {
  const by = orderKeys(order);
  return {
    where: far === undefined || where === ALL ? where : is(far, where),
    order: far === undefined ? by : by.map((key) => ({ ...key, via: far })),
    size,
    // A cursor says the values of the keys, whether or not they are asked for.
    besides: keys.map(({ field }) => field),
    ...(beyond === undefined ? {} : { beyond }),
  };
}

/** The path of a field without the numbers of rows, and whose field it is. */
function placeInDocument({ path, parentType }: GraphQLResolveInfo): string {
  const keys = [parentType.name];
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string') keys.push(at.key);
  }
  return keys.join('.');
}
