import { CATALOG } from '../catalog.js';
import { cover } from '../oracle/coverage.js';
import type { Where } from '../oracle/filter.js';
import { defaultOrder, type OrderKey, wholeList } from '../oracle/list.js';
import type { Place } from '../oracle/place.js';
import { type Selection, viewOf } from '../oracle/view.js';
import { CASCADING, type Row, TYPES, type TypeName } from '../world/types.js';
import { expectSame } from './difference.js';
import { someWhere } from './filters.js';
import { nameSomewhere, type PlaceArgs, resolve } from './places.js';
import type { Random } from './random.js';
import { everythingOf, listSelection, print } from './selections.js';
import { type Answered, ask, type Session } from './session.js';

type Sort = readonly { readonly field: string; readonly direction?: 'ASC' | 'DESC' }[];

export interface ListArgs extends PlaceArgs {
  readonly where?: Where;
  readonly orderBy?: Sort;
  readonly first?: number;
  readonly last?: number;
  readonly after?: string;
  readonly before?: string;
}

/** A list of random arguments, at once and page by page. */
export async function askList(session: Session, random: Random): Promise<void> {
  const type = random.one(TYPES);
  const scope = nameSomewhere(session, random);
  const args: ListArgs = {
    ...(scope === undefined ? {} : { scope }),
    ...(random.chance(0.15) ? { acrossOrganizations: true } : {}),
    ...(type in CASCADING && random.chance(0.5) ? { includeShadowed: random.chance(0.8) } : {}),
    ...(random.chance(0.6) ? { where: someWhere(session, type, random) } : {}),
    ...(random.chance(0.6) ? { orderBy: someOrder(type, random) } : {}),
  };
  const place = resolve(session, args);
  const { guise } = session.asking.person;
  const error =
    guise === 'anonymous' ? 'UNAUTHENTICATED' : typeof place === 'string' ? place : null;
  const selection = random.chance(0.3) ? everythingOf(type) : listSelection(type);
  const whole = await query(session, type, { ...args, first: 200 }, selection);
  const title = `${CATALOG[type].many} ${JSON.stringify(args)}`;
  if (error !== null || typeof place === 'string') {
    expectSame(title, whole, { data: { list: null }, errors: [`list: ${error}`], withheld: [] });
    return;
  }
  const rows = wholeList(session.asking, {
    type,
    place,
    includeShadowed: args.includeShadowed ?? false,
    where: args.where ?? {},
    order: keysOf(type, args),
  });
  for (const row of session.asking.tree.of(type)) cover('D14 a row is listed', rows.includes(row));
  const expected = viewOfList(session, selection, place, rows);
  expectSame(title, withoutCursors(whole), expected);
  if (random.chance(0.4)) await walk(session, type, args, rows, random);
}

function viewOfList(session: Session, selection: Selection, place: Place, rows: readonly Row[]) {
  const withheld = new Set<string>();
  const edges = rows.map((row) => {
    const view = viewOf({ ...session.asking, place }, row, selection);
    for (const one of view.withheld) withheld.add(one);
    return { node: view.data };
  });
  const pageInfo = { hasNextPage: false, hasPreviousPage: false };
  return {
    data: { list: { totalCount: rows.length, edges, pageInfo } },
    errors: [],
    withheld: [...withheld].sort(),
  };
}

/** Forwards or backwards, a few rows a page: together the whole list, each row once. */
async function walk(
  session: Session,
  type: TypeName,
  args: ListArgs,
  rows: readonly Row[],
  random: Random,
): Promise<void> {
  const size = Math.max(1 + random.below(4), Math.ceil(rows.length / 5));
  const backwards = random.chance(0.5);
  const title = `${CATALOG[type].many} ${JSON.stringify(args)}, ${size} a page ${backwards ? 'backwards' : 'forwards'}`;
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page <= rows.length; page += 1) {
    const [size_, from] = backwards ? (['last', 'before'] as const) : (['first', 'after'] as const);
    const at = cursor === null ? {} : { [from]: cursor };
    const answered: Answered = await query(session, type, { ...args, [size_]: size, ...at });
    expectSame(title, answered.errors, []);
    const list = answered.data?.list as Connection;
    const ids = list.edges.map((edge) => edge.node.id);
    seen.splice(backwards ? 0 : seen.length, 0, ...ids);
    const more = seen.length < rows.length;
    const { pageInfo } = list;
    const going = backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    const came = backwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    expectSame(`${title}: more to come`, [going, came], [more, cursor !== null]);
    expectSame(`${title}: totalCount`, list.totalCount, rows.length);
    cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor;
    if (!more || ids.length === 0) break;
  }
  expectSame(
    title,
    seen,
    rows.map((row) => row.id),
  );
}

interface Connection {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A page of a list as a caller would ask for it. */
export function query(
  session: Session,
  type: TypeName,
  args: ListArgs,
  selection: Selection = listSelection(type),
): Promise<Answered> {
  const types: Record<string, string> = {
    scope: 'ID',
    acrossOrganizations: 'Boolean',
    includeShadowed: 'Boolean',
    where: `${type}Filter`,
    orderBy: `[${type}Order!]`,
    first: 'Int',
    last: 'Int',
    after: 'String',
    before: 'String',
  };
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${types[name]}`).join(', ');
  const given = names.map((name) => `${name}: $${name}`).join(', ');
  const source = `query (${declared}) { list: ${CATALOG[type].many}(${given}) {
    totalCount edges { cursor node ${print(type, selection)} }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  return ask(session, source, { ...args });
}

/** A cursor is whatever the gateway likes; that pages follow each other is seen by walking. */
function withoutCursors({ data, ...beside }: Answered): unknown {
  if (data === null || data.list === null) return { data, ...beside };
  const { totalCount, edges, pageInfo } = data.list as Connection;
  const { hasNextPage, hasPreviousPage } = pageInfo;
  const bare = edges.map(({ node }) => ({ node }));
  return {
    data: { list: { totalCount, edges: bare, pageInfo: { hasNextPage, hasPreviousPage } } },
    ...beside,
  };
}

export function someOrder(type: TypeName, random: Random): Sort {
  const fields = ['ID', ...Object.values(CATALOG[type].cells).flatMap((cell) => cell.order ?? [])];
  const direction = (): { direction?: 'ASC' | 'DESC' } =>
    random.one([{}, { direction: 'ASC' }, { direction: 'DESC' }, { direction: 'DESC' }]);
  return [...new Set(random.some(fields, 3))].map((field) => ({ field, ...direction() }));
}

/** The keys of a requested order. */
export function keysOf(type: TypeName, { orderBy = [] }: Pick<ListArgs, 'orderBy'>): OrderKey[] {
  const { cells } = CATALOG[type];
  if (orderBy.length === 0) return defaultOrder(type);
  return orderBy.map(({ field, direction = 'ASC' }) => {
    const cell = Object.keys(cells).find((name) => cells[name]?.order === field) ?? 'id';
    return { cell, direction };
  });
}
