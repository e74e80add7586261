import { filterSql, NotWrittenError } from '../data/sql/filter.js';
import { orderSql } from '../data/sql/order.js';
import { column, from, linkOf, type Table } from '../data/sql/table.js';
import { orderKeys } from '../graphql/connection.js';
import { type Arm, armsOf } from '../graphql/place-args.js';
import { questionOf } from '../graphql/related-pages.js';
import { type Place, REACHABLE } from '../policy/situation.js';
import { ALL } from '../query/filter.js';
import type { Query } from '../query/query.js';
import { candidates } from './candidates.js';
import { askedOf } from './few.js';
import type { FieldPlan, RootPlan } from './plan.js';
import { columnsOf, contentBytes, nodesOf, type Scribe } from './scribe.js';
import type { Way } from './ways.js';

/** The name of a row's number on a page, and of what the contents of all of them take. */
export const N = '"#n"';
export const BYTES = '"#b"';

/** The rows that a list is made of: a derived table of those on the page and one more, numbered; and their number. */
export interface Source {
  /** INVARIANT: written only if something is asked of the rows: what is bound and not named is refused by the database. */
  readonly rows: () => string;
  /** The table of the rows as it is called in there. */
  readonly row: Table;
  /** What has to be so of a row on the page to be shown. */
  readonly shown?: string;
  readonly count: () => string;
}

/** The rows of a list of the query's own: of each of its parts the first ones, of which the page has the first. */
export function listedRows(
  scribe: Scribe,
  { model, list, usable }: RootPlan & { is: 'list' },
  place: Place,
): Source {
  const { where, order, beyond, size } = list;
  const of = nodesOf(list);
  const columns = [...new Set([...of.flatMap(columnsOf), ...list.keys.map(({ field }) => field)])];
  const by = orderKeys(order);
  const policy = scribe.decisionsAt(place).policy(model);
  const arms = armsOf(place, policy);
  if (where !== undefined) for (const arm of arms) scribe.charge(model, where, arm.place);
  const few = scribe.fewOf(list);
  const found = new Map<number, string>();
  /** The table of the statement that has the rows of a part, where they are few: made once for page and count. */
  const foundBy = (ways: readonly Way[], index: number): string => {
    const known = found.get(index);
    if (known !== undefined) return known;
    const { name, isComplete } = candidates(scribe, policy, ways, scribe.foundRows);
    scribe.draft.assert(isComplete);
    found.set(index, name);
    return name;
  };
  const among = (table: Table, index: number, what: 'page' | 'count'): string => {
    const one = few[index];
    if (one === undefined || !one[what]) return from(table);
    return `${foundBy(one.ways, index)} f JOIN ${from(table)} ON ${column(table, 'id')} = f.id`;
  };
  const partOf = (arm: Arm, index: number): string => {
    const { extent, asked } = askedOf(scribe, { model, list, usable }, arm);
    const query: Query = { ...asked, order: by, select: { columns } };
    const guarded = scribe.guard(query, arm.place, extent);
    const table = scribe.table(model);
    const rows = among(table, index, 'page');
    const conditions = [filterSql(table, guarded.where), ...scribe.beyond(table, by, beyond)];
    return `(SELECT ${table.alias}.* FROM ${rows} WHERE ${conditions.join(' AND ')} ORDER BY ${orderSql(table, by)} LIMIT ${size + 1})`;
  };
  const all = scribe.table(model);
  const first = (): string => {
    const [part, ...others] = arms.map(partOf);
    if (others.length === 0) return `${part} ${all.alias}`;
    const parts = [part, ...others].join(' UNION ALL ');
    return `(SELECT ${all.alias}.* FROM (${parts}) ${all.alias} ORDER BY ${orderSql(all, by)} LIMIT ${size + 1}) ${all.alias}`;
  };
  const row = scribe.table(model);
  const bytes = of.some((one) => scribe.readsContent(one))
    ? [`sum(${contentBytes(all)}) OVER () AS ${BYTES}`]
    : [];
  const numbered = `row_number() OVER (ORDER BY ${orderSql(all, by)}) AS ${N}`;
  return {
    rows: () => {
      const shown = [`${all.alias}.*`, numbered, ...bytes, ...scribe.flagsOf(of, all, place)];
      return `(SELECT ${shown.join(', ')} FROM ${first()}) ${row.alias}`;
    },
    row,
    count: () =>
      arms
        .map((arm, index) => {
          const { extent, asked } = askedOf(scribe, { model, list, usable }, arm);
          return scribe.count(asked, arm.place, extent, (table) => among(table, index, 'count'));
        })
        .join(' + '),
  };
}

/** The rows of a page of what a row is related to. */
export function relatedRows(
  scribe: Scribe,
  field: FieldPlan & { is: 'page' },
  source: Table,
  place: Place,
): Source {
  const { relation, list } = field;
  const { model, relation: name, far, farId, target } = relation;
  const { order, size, beyond } = list;
  const of = nodesOf(list);
  // They are weighed where a list begins, and not for each row that has one.
  if (of.some((one) => scribe.readsContent(one))) throw new NotWrittenError('contents below a row');
  const question = questionOf(
    far,
    { keys: list.keys, order, size, backwards: list.backwards, beyond: undefined },
    list.where ?? ALL,
  );
  const link = linkOf(scribe.dataModel, model, name);
  const query: Query = {
    model: link.model,
    where: question.where,
    order: question.order,
    select: { columns: [farId] },
  };
  const guarded = scribe.guard(query, place, REACHABLE);
  const table = scribe.table(link.model);
  const by = orderKeys(order);
  const here = `${column(table, link.there)} = ${column(source, link.here)}`;
  const count = (): string => {
    const counted = scribe.table(link.model);
    const condition = filterSql(counted, guarded.where);
    return `(SELECT count(*) FROM ${from(counted)} WHERE ${column(counted, link.there)} = ${column(source, link.here)} AND ${condition})`;
  };
  const row = scribe.table(target);
  const conditions = (ordered: Table): string =>
    [here, filterSql(table, guarded.where), ...scribe.beyond(ordered, by, beyond)].join(' AND ');
  const limited = (ordered: Table): string =>
    `WHERE ${conditions(ordered)} ORDER BY ${orderSql(ordered, by)} LIMIT ${size + 1}`;
  const numbered = (ordered: Table): string =>
    `row_number() OVER (ORDER BY ${orderSql(ordered, by)}) AS ${N}`;
  const shown = scribe.guard(
    { model: target, select: { columns: of.flatMap(columnsOf) } },
    place,
    REACHABLE,
  );
  if (far === undefined) {
    const first = scribe.table(target);
    return {
      rows: () => {
        const page = `(SELECT ${table.alias}.* FROM ${from(table)} ${limited(table)}) ${first.alias}`;
        const parts = [`${first.alias}.*`, numbered(first), ...scribe.flagsOf(of, first, place)];
        return `(SELECT ${parts.join(', ')} FROM ${page}) ${row.alias}`;
      },
      row,
      count,
    };
  }
  // Rows between are on the page, whether or not the row that they lead to may be read.
  const led = scribe.table(target);
  const inner = scribe.table(target);
  const between = scribe.draft.alias();
  return {
    rows: () => {
      const join = `LEFT JOIN ${from(led)} ON ${column(led, 'id')} = ${column(table, farId)}`;
      const page = `(SELECT ${column(table, farId)} AS "#far", ${numbered(led)} FROM ${from(table)} ${join} ${limited(led)}) ${between}`;
      const flags = [`${inner.alias}.*`, ...scribe.flagsOf(of, inner, place)].join(', ');
      const lateral = `LEFT JOIN LATERAL (SELECT ${flags} FROM ${from(inner)} WHERE ${column(inner, 'id')} = ${between}."#far" AND ${filterSql(inner, shown.where)} LIMIT 1) ${row.alias} ON true`;
      return `${page} ${lateral}`;
    },
    row,
    shown: `${column(row, 'id')} IS NOT NULL`,
    count,
  };
}
