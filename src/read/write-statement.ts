import type { Draft } from '../data/sql/draft.js';
import { filterSql, NotWrittenError } from '../data/sql/filter.js';
import { residualSql } from '../data/sql/residual.js';
import { column, from, linkOf, type Table } from '../data/sql/table.js';
import { cascadeOf } from '../graphql/define-roots.js';
import { type Extent, type Place, REACHABLE } from '../policy/situation.js';
import { Gathering } from './gathering.js';
import type { ConnectionField, FieldPlan, ListPlan, ObjectPlan, RootPlan } from './plan.js';
import {
  columnsOf,
  contentBytes,
  MANAGED,
  nodesOf,
  permittedName,
  Scribe,
  type Writing,
} from './scribe.js';
import { BYTES, listedRows, relatedRows, type Source } from './sources.js';
import { object, type Part, TOO_MUCH, withheld } from './text.js';
import { cursorSql, valueSql } from './values.js';

/** A root of a plan with the place that it acts in. */
export interface Placed {
  readonly root: RootPlan;
  readonly place: Place;
}

/** An expression that gives the text of the data of an answer; what it is given stands in the draft. */
export function writeData(draft: Draft, roots: readonly Placed[], writing: Writing): string {
  const writer = new Writer(new Scribe(draft, writing));
  return object(roots.map(({ root, place }) => [root.key, writer.root(root, place)]));
}

class Writer {
  readonly #scribe: Scribe;

  constructor(scribe: Scribe) {
    this.#scribe = scribe;
  }

  root(root: RootPlan, place: Place): Part {
    switch (root.is) {
      case 'typename':
        return JSON.stringify(root.name);
      case 'row': {
        const at = this.#scribe.draft.input(root.id, 'uuid');
        return { sql: this.#rowById(root.of, place, REACHABLE, 'id', at) };
      }
      case 'named': {
        const at = this.#scribe.draft.input(root.value, 'text');
        const cascade = cascadeOf(place);
        return { sql: this.#rowById(root.of, cascade, { kind: 'placed' }, root.column, at) };
      }
      case 'list':
        return {
          sql: this.#list(root.list, listedRows(this.#scribe, root.model, root.list, place), place),
        };
    }
  }

  /** The object of the one row of which a column has a value, or `null`. */
  #rowById(of: ObjectPlan, place: Place, extent: Extent, name: string, value: string): string {
    const { model } = of;
    const guarded = this.#scribe.guard(
      { model, select: { columns: columnsOf(of) } },
      place,
      extent,
    );
    const table = this.#scribe.table(model);
    const where = `${column(table, name)} = ${value} AND ${filterSql(table, guarded.where)}`;
    const row = this.#scribe.table(model);
    const bytes = this.#scribe.readsContent(of) ? contentBytes(table) : undefined;
    const inner = `SELECT ${this.#scribe.flagged(of, table, place)} FROM ${from(table)} WHERE ${where} LIMIT 1`;
    const text = this.#object(of, row, place, true);
    const shown =
      bytes === undefined
        ? text
        : `CASE WHEN ${contentBytes(row)} <= ${this.#scribe.contentBytes} THEN ${text} ELSE ${TOO_MUCH} END`;
    return `coalesce((SELECT ${shown} FROM (${inner}) ${row.alias}), 'null')`;
  }

  /** The text of a connection. */
  #list(list: ListPlan, source: Source, place: Place): string {
    const weighed = nodesOf(list).some((one) => this.#scribe.readsContent(one));
    const most = this.#scribe.contentBytes;
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
    return gathering.from(text, this.#scribe.draft.alias());
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
    if (!isTop && this.#scribe.readsContent(plan))
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
        return this.#list(field.list, relatedRows(this.#scribe, field, row, place), place);
    }
  }

  /** The rows that a relation leads to, of those that may be read, and the text of each. */
  #rows(of: ObjectPlan, place: Place, on: (there: Table) => string) {
    const { model } = of;
    const guarded = this.#scribe.guard(
      { model, select: { columns: columnsOf(of) } },
      place,
      REACHABLE,
    );
    const there = this.#scribe.table(model);
    const where = `${on(there)} AND ${filterSql(there, guarded.where)}`;
    const sql = `SELECT ${this.#scribe.flagged(of, there, place)} FROM ${from(there)} WHERE ${where}`;
    const table = this.#scribe.table(model);
    return { sql, table, alias: table.alias, text: this.#object(of, table, place) };
  }
}

const says = (row: Table, { column: name, value }: { column: string; value: string }): string =>
  residualSql(row, { op: 'equals', field: name, value });
