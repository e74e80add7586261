import { contentOf } from '../data/prisma/contents.js';
import type { Draft } from '../data/sql/draft.js';
import { filterSql, NotWrittenError } from '../data/sql/filter.js';
import { beyondSql, orderSql } from '../data/sql/order.js';
import { residualSql } from '../data/sql/residual.js';
import { column, from, linkOf, type Table, tableOf } from '../data/sql/table.js';
import { orderKeys } from '../graphql/connection.js';
import { cascadeOf } from '../graphql/define-roots.js';
import { armsOf } from '../graphql/place-args.js';
import { questionOf } from '../graphql/related-pages.js';
import { chargeWeight } from '../limits/charge-filter.js';
import type { Limited } from '../limits/limits.js';
import { MANAGE } from '../policy/resolve.js';
import { type Extent, type Place, REACHABLE } from '../policy/situation.js';
import type { DataModel } from '../query/data-model.js';
import { ALL, type Filter } from '../query/filter.js';
import { guard, guardCount } from '../query/guard.js';
import { guardFilter } from '../query/guard-filter.js';
import type { GuardedCount, GuardedQuery } from '../query/guarded.js';
import type { Guarding } from '../query/guarding.js';
import type { OrderKey, Query } from '../query/query.js';
import { weigh } from '../query/weigh.js';
import type {
  ConnectionField,
  FieldPlan,
  ListPlan,
  ObjectPlan,
  PageInfoField,
  RootPlan,
} from './plan.js';
import { object, type Part, TOO_MUCH, withheld } from './text.js';
import { cursorSql, valueSql } from './values.js';

/** What statements are written with. */
export interface Writing {
  readonly dataModel: DataModel;
  readonly guardingAt: (place: Place) => Guarding;
  readonly request: Limited;
  /** More bytes of JSON are not written at once. */
  readonly contentBytes: number;
}

/** A root of a plan with the place that it acts in. */
export interface Placed {
  readonly root: RootPlan;
  readonly place: Place;
}

/** An expression that gives the text of the data of an answer; what it is given stands in the draft. */
export function writeData(draft: Draft, roots: readonly Placed[], writing: Writing): string {
  const writer = new Writer(draft, writing);
  return object(roots.map(({ root, place }) => [root.key, writer.root(root, place)]));
}

/** The rows that a list is made of: a derived table of those on the page and one more, numbered; and their number. */
interface Source {
  readonly rows: string;
  /** The table of the rows as it is called in there. */
  readonly row: Table;
  /** What has to be so of a row on the page to be shown. */
  readonly shown?: string;
  readonly count: () => string;
}

const N = '"#n"';
const MANAGED = '"#m"';
const BYTES = '"#b"';
const permittedName = (action: string): string => `"#${action}"`;

class Writer {
  readonly #draft: Draft;
  readonly #writing: Writing;

  constructor(draft: Draft, writing: Writing) {
    this.#draft = draft;
    this.#writing = writing;
  }

  root(root: RootPlan, place: Place): Part {
    switch (root.is) {
      case 'typename':
        return JSON.stringify(root.name);
      case 'row': {
        const at = this.#draft.input(root.id, 'uuid');
        return { sql: this.#rowById(root.of, place, REACHABLE, 'id', at) };
      }
      case 'named': {
        const at = this.#draft.input(root.value, 'text');
        const cascade = cascadeOf(place);
        return { sql: this.#rowById(root.of, cascade, { kind: 'placed' }, root.column, at) };
      }
      case 'list':
        return { sql: this.#list(root.list, this.#listed(root.model, root.list, place), place) };
    }
  }

  /** The object of the one row of which a column has a value, or `null`. */
  #rowById(of: ObjectPlan, place: Place, extent: Extent, name: string, value: string): string {
    const { model } = of;
    const guarded = this.#guard({ model, select: { columns: columnsOf(of) } }, place, extent);
    const table = this.#table(model);
    const where = `${column(table, name)} = ${value} AND ${filterSql(table, guarded.where)}`;
    const row = this.#table(model);
    const bytes = this.#readsContent(of) ? contentBytes(table) : undefined;
    const inner = `SELECT ${this.#flagged(of, table, place)} FROM ${from(table)} WHERE ${where} LIMIT 1`;
    const text = this.#object(of, row, place, true);
    const shown =
      bytes === undefined
        ? text
        : `CASE WHEN ${contentBytes(row)} <= ${this.#writing.contentBytes} THEN ${text} ELSE ${TOO_MUCH} END`;
    return `coalesce((SELECT ${shown} FROM (${inner}) ${row.alias}), 'null')`;
  }

  /** The rows of a list of the query's own: of each of its parts the first ones, of which the page has the first. */
  #listed(model: string, list: ListPlan, place: Place): Source {
    const { where, order, beyond, size } = list;
    const of = nodesOf(list);
    const columns = [
      ...new Set([...of.flatMap(columnsOf), ...list.keys.map(({ field }) => field)]),
    ];
    const by = orderKeys(order);
    const policy = this.#writing.guardingAt(place).decisions.policy(model);
    const arms = armsOf(place, policy);
    const parts = arms.map((arm) => {
      const extent: Extent = { kind: 'placed', tier: arm.tier };
      if (where !== undefined) this.#charge(model, where, arm.place);
      const query: Query = { model, order: by, select: { columns }, ...(where && { where }) };
      const guarded = this.#guard(query, arm.place, extent);
      const table = this.#table(model);
      const conditions = [filterSql(table, guarded.where), ...this.#beyond(table, by, beyond)];
      return `(SELECT ${table.alias}.* FROM ${from(table)} WHERE ${conditions.join(' AND ')} ORDER BY ${orderSql(table, by)} LIMIT ${size + 1})`;
    });
    const all = this.#table(model);
    const first =
      parts.length === 1
        ? `${parts[0]} ${all.alias}`
        : `(SELECT ${all.alias}.* FROM (${parts.join(' UNION ALL ')}) ${all.alias} ORDER BY ${orderSql(all, by)} LIMIT ${size + 1}) ${all.alias}`;
    const row = this.#table(model);
    const bytes = of.some((one) => this.#readsContent(one))
      ? [`sum(${contentBytes(all)}) OVER () AS ${BYTES}`]
      : [];
    const numbered = `row_number() OVER (ORDER BY ${orderSql(all, by)}) AS ${N}`;
    const flags = this.#flagsOf(of, all, place);
    const rows = `(SELECT ${[`${all.alias}.*`, numbered, ...bytes, ...flags].join(', ')} FROM ${first}) ${row.alias}`;
    return {
      rows,
      row,
      count: () =>
        arms
          .map((arm) => {
            const extent: Extent = { kind: 'placed', tier: arm.tier };
            return this.#count({ model, ...(where && { where }) }, arm.place, extent);
          })
          .join(' + '),
    };
  }

  /** The rows of a page of what a row is related to. */
  #related(field: FieldPlan & { is: 'page' }, source: Table, place: Place): Source {
    const { relation, list } = field;
    const { model, relation: name, far, farId, target } = relation;
    const { order, size, beyond } = list;
    const of = nodesOf(list);
    const question = questionOf(
      far,
      { keys: list.keys, order, size, backwards: list.backwards, beyond: undefined },
      list.where ?? ALL,
    );
    const link = linkOf(this.#writing.dataModel, model, name);
    const query: Query = {
      model: link.model,
      where: question.where,
      order: question.order,
      select: { columns: [farId] },
    };
    const guarded = this.#guard(query, place, REACHABLE);
    const table = this.#table(link.model);
    const by = orderKeys(order);
    const here = `${column(table, link.there)} = ${column(source, link.here)}`;
    const count = (): string => {
      const counted = this.#table(link.model);
      const condition = filterSql(counted, guarded.where);
      return `(SELECT count(*) FROM ${from(counted)} WHERE ${column(counted, link.there)} = ${column(source, link.here)} AND ${condition})`;
    };
    const conditions = [here, filterSql(table, guarded.where)];
    const row = this.#table(target);
    if (far === undefined) {
      this.#guard({ model: target, select: { columns: of.flatMap(columnsOf) } }, place, REACHABLE);
      const first = this.#table(target);
      conditions.push(...this.#beyond(table, by, beyond));
      const page = `(SELECT ${table.alias}.* FROM ${from(table)} WHERE ${conditions.join(' AND ')} ORDER BY ${orderSql(table, by)} LIMIT ${size + 1}) ${first.alias}`;
      const numbered = `row_number() OVER (ORDER BY ${orderSql(first, by)}) AS ${N}`;
      const flags = this.#flagsOf(of, first, place);
      const rows = `(SELECT ${[`${first.alias}.*`, numbered, ...flags].join(', ')} FROM ${page}) ${row.alias}`;
      return { rows, row, count };
    }
    // Rows between are on the page, whether or not the row that they lead to may be read.
    const led = this.#table(target);
    const join = `LEFT JOIN ${from(led)} ON ${column(led, 'id')} = ${column(table, farId)}`;
    conditions.push(...this.#beyond(led, by, beyond));
    const between = this.#draft.alias();
    const numbered = `row_number() OVER (ORDER BY ${orderSql(led, by)}) AS ${N}`;
    const page = `(SELECT ${column(table, farId)} AS "#far", ${numbered} FROM ${from(table)} ${join} WHERE ${conditions.join(' AND ')} ORDER BY ${orderSql(led, by)} LIMIT ${size + 1}) ${between}`;
    const shownQuery: Query = { model: target, select: { columns: of.flatMap(columnsOf) } };
    const shown = this.#guard(shownQuery, place, REACHABLE);
    const inner = this.#table(target);
    const flags = [`${inner.alias}.*`, ...this.#flagsOf(of, inner, place)].join(', ');
    const lateral = `LEFT JOIN LATERAL (SELECT ${flags} FROM ${from(inner)} WHERE ${column(inner, 'id')} = ${between}."#far" AND ${filterSql(inner, shown.where)} LIMIT 1) ${row.alias} ON true`;
    return {
      rows: `${page} ${lateral}`,
      row,
      shown: `${column(row, 'id')} IS NOT NULL`,
      count,
    };
  }

  /** The text of a connection. */
  #list(list: ListPlan, source: Source, place: Place): string {
    const weighed = nodesOf(list).some((one) => this.#readsContent(one));
    const most = this.#writing.contentBytes;
    const gathering = new Gathering(list, source, weighed ? most : undefined);
    const members = list.fields.map((field): [string, Part] => [
      field.key,
      this.#connection(field, list, source, gathering, place),
    ]);
    const bytes = `max(${source.row.alias}.${BYTES})`;
    const tooMuch = weighed
      ? ` || CASE WHEN ${gathering.add(bytes)} > ${most} THEN ${TOO_MUCH} ELSE '' END`
      : '';
    const text = `${object(members)}${tooMuch}`;
    return gathering.from(text, this.#draft.alias());
  }

  #connection(
    field: ConnectionField,
    { keys }: ListPlan,
    { row, count }: Source,
    gathering: Gathering,
    place: Place,
  ): Part {
    switch (field.is) {
      case 'typename':
        return JSON.stringify(field.name);
      case 'totalCount':
        return { sql: `(${count()})::text` };
      case 'edges': {
        const edge = field.fields.map((part): [string, Part] => {
          if (part.is === 'typename') return [part.key, JSON.stringify(part.name)];
          if (part.is === 'cursor') return [part.key, { sql: cursorSql(row, keys) }];
          return [part.key, { sql: this.#object(part.of, row, place, true) }];
        });
        return { sql: `('[' || coalesce(${gathering.all(object(edge))}, '') || ']')` };
      }
      case 'pageInfo':
        return { sql: object(field.fields.map((part) => [part.key, gathering.pageInfo(part)])) };
    }
  }

  /** The text of a row that may be read. `isTop`: no relation leads to it, so that what it holds was weighed. */
  #object(plan: ObjectPlan, row: Table, place: Place, isTop = false): string {
    if (!isTop && this.#readsContent(plan))
      throw new NotWrittenError(`contents of ${plan.model} rows`);
    return object(
      plan.fields.map((field) => [field.key, this.#field(plan.model, field, row, place)]),
    );
  }

  #field(model: string, field: FieldPlan, row: Table, place: Place): Part {
    switch (field.is) {
      case 'typename':
        return JSON.stringify(field.name);
      case 'permitted':
        return {
          sql: `CASE WHEN ${row.alias}.${permittedName(field.action)} THEN 'true' ELSE 'false' END`,
        };
      case 'says':
        return { sql: `CASE WHEN ${says(row, field.word)} THEN 'true' ELSE 'false' END` };
      default: {
        const sql = this.#shown(field, row, place);
        if (!field.managed) return { sql };
        const hidden = withheld(`${model}.${field.name}`);
        return { sql: `CASE WHEN ${row.alias}.${MANAGED} THEN ${sql} ELSE ${hidden} END` };
      }
    }
  }

  #shown(
    field: FieldPlan & { is: 'column' | 'one' | 'kept' | 'page' },
    row: Table,
    place: Place,
  ): string {
    switch (field.is) {
      case 'column': {
        const text = valueSql(row, field.column, field.written);
        if (field.unless === undefined) return text;
        return `CASE WHEN ${says(row, field.unless)} THEN 'null' ELSE ${text} END`;
      }
      case 'one': {
        const link = linkOf(row.dataModel, row.model, field.relation);
        const rows = this.#rows(field.of, place, (there) => {
          return `${column(there, link.there)} = ${column(row, link.here)}`;
        });
        return `coalesce((SELECT ${rows.text} FROM (${rows.sql} LIMIT 1) ${rows.alias}), 'null')`;
      }
      case 'kept': {
        const rows = this.#rows(field.of, place, (there) => {
          return `${column(there, 'id')} = ANY (${column(row, field.column)})`;
        });
        const by = [...(field.by === undefined ? [] : [field.by]), 'id'];
        const order = by.map((name) => column(rows.table, name)).join(', ');
        return `('[' || coalesce((SELECT string_agg(${rows.text}, ',' ORDER BY ${order}) FROM (${rows.sql} OFFSET 0) ${rows.alias}), '') || ']')`;
      }
      case 'page':
        return this.#list(field.list, this.#related(field, row, place), place);
    }
  }

  /** The rows that a relation leads to, of those that may be read, and the text of each. */
  #rows(of: ObjectPlan, place: Place, on: (there: Table) => string) {
    const { model } = of;
    const guarded = this.#guard({ model, select: { columns: columnsOf(of) } }, place, REACHABLE);
    const there = this.#table(model);
    const where = `${on(there)} AND ${filterSql(there, guarded.where)}`;
    const sql = `SELECT ${this.#flagged(of, there, place)} FROM ${from(there)} WHERE ${where}`;
    const table = this.#table(model);
    return { sql, table, alias: table.alias, text: this.#object(of, table, place) };
  }

  #flagged(of: ObjectPlan, table: Table, place: Place): string {
    return [`${table.alias}.*`, ...this.#flagsOf([of], table, place)].join(', ');
  }

  /** What is worked out once of a row, by the very residuals that lists are narrowed by. */
  #flagsOf(plans: readonly ObjectPlan[], table: Table, place: Place): string[] {
    const { decisions } = this.#writing.guardingAt(place);
    const fields = plans.flatMap((plan) => plan.fields);
    const permitted = (action: string, name: string): string =>
      `${residualSql(table, decisions.residual(table.model, action))} AS ${name}`;
    const actions = new Set(
      fields.flatMap((field) => (field.is === 'permitted' ? [field.action] : [])),
    );
    const isManaged = fields.some((field) => 'managed' in field && field.managed);
    return [
      ...(isManaged ? [permitted(MANAGE, MANAGED)] : []),
      ...[...actions].map((action) => permitted(action, permittedName(action))),
    ];
  }

  #beyond(table: Table, order: readonly OrderKey[], beyond: ListPlan['beyond']): string[] {
    if (beyond === undefined) return [];
    const { missing, name } = beyond;
    return [beyondSql(table, order, missing, (key) => `${name}.${key}`)];
  }

  #count(query: { model: string; where?: Filter }, place: Place, extent: Extent): string {
    const guarded: GuardedCount = guardCount(this.#writing.guardingAt(place), query, extent);
    const table = this.#table(query.model);
    return `(SELECT count(*) FROM ${from(table)} WHERE ${filterSql(table, guarded.where)})`;
  }

  #charge(model: string, where: Filter, place: Place): void {
    const guarding = this.#writing.guardingAt(place);
    chargeWeight(this.#writing.request, where, () => weigh(guardFilter(guarding, model, where)));
  }

  #guard(query: Query, place: Place, extent: Extent): GuardedQuery {
    return guard(this.#writing.guardingAt(place), query, extent);
  }

  /** Whether an object shows what may be of any length. */
  #readsContent(plan: ObjectPlan): boolean {
    const content = contentOf(this.#writing.dataModel, plan.model);
    return content !== undefined && columnsOf(plan).includes(content);
  }

  #table(model: string): Table {
    const { dataModel } = this.#writing;
    return tableOf(this.#draft, dataModel, model);
  }
}

/** What is worked out over all rows of a page at once. */
class Gathering {
  readonly #list: ListPlan;
  readonly #source: Source;
  readonly #onPage: string;
  readonly #gathered: string[] = [];

  /** @param most where the rows are weighed: so many bytes of JSON, and of more nothing is shown */
  constructor(list: ListPlan, source: Source, most: number | undefined) {
    this.#list = list;
    this.#source = source;
    this.#onPage = [
      `${N} <= ${list.size}`,
      ...(source.shown === undefined ? [] : [source.shown]),
      ...(most === undefined ? [] : [`${source.row.alias}.${BYTES} <= ${most}`]),
    ].join(' AND ');
  }

  /** The name of an aggregate. */
  add(sql: string): string {
    const name = `"#${this.#gathered.length}"`;
    this.#gathered.push(`${sql} AS ${name}`);
    return name;
  }

  /** A text of each row on the page, in the order of the answer. */
  all(text: string): string {
    const order = `ORDER BY ${N} ${this.#list.backwards ? 'DESC' : 'ASC'}`;
    return this.add(`string_agg(${text}, ',' ${order}) FILTER (WHERE ${this.#onPage})`);
  }

  pageInfo(field: PageInfoField): Part {
    const { backwards, beyond } = this.#list;
    const came = beyond !== undefined;
    switch (field.is) {
      case 'typename':
        return JSON.stringify(field.name);
      case 'hasNextPage':
        return backwards ? String(came) : this.#more();
      case 'hasPreviousPage':
        return backwards ? this.#more() : String(came);
      case 'startCursor':
        return this.#end(backwards ? 'DESC' : 'ASC');
      case 'endCursor':
        return this.#end(backwards ? 'ASC' : 'DESC');
    }
  }

  /** An expression over what was gathered. */
  from(text: string, alias: string): string {
    if (this.#gathered.length === 0) return text;
    return `(SELECT ${text} FROM (SELECT ${this.#gathered.join(', ')} FROM ${this.#source.rows}) ${alias})`;
  }

  #more(): Part {
    const isMore = `${this.add('count(*)')} > ${this.#list.size}`;
    return { sql: `CASE WHEN ${isMore} THEN 'true' ELSE 'false' END` };
  }

  #end(direction: 'ASC' | 'DESC'): Part {
    const text = cursorSql(this.#source.row, this.#list.keys);
    const ends = `array_agg(${text} ORDER BY ${N} ${direction}) FILTER (WHERE ${this.#onPage})`;
    return { sql: `coalesce(${this.add(`(${ends})[1]`)}, 'null')` };
  }
}

const says = (row: Table, { column: name, value }: { column: string; value: string }): string =>
  residualSql(row, { op: 'equals', field: name, value });

const contentBytes = (table: Table): string => column(table, 'contentBytes');

function nodesOf({ fields }: ListPlan): ObjectPlan[] {
  return fields.flatMap((field) =>
    field.is === 'edges'
      ? field.fields.flatMap((part) => (part.is === 'node' ? [part.of] : []))
      : [],
  );
}

/** The columns of its own table that an object shows. */
function columnsOf({ fields }: ObjectPlan): string[] {
  return fields.flatMap((field): string[] => {
    switch (field.is) {
      case 'column':
        return [field.column, ...(field.unless === undefined ? [] : [field.unless.column])];
      case 'says':
        return [field.word.column];
      case 'kept':
        return [field.column];
      default:
        return [];
    }
  });
}
