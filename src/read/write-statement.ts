import { type Draft, literal } from '../data/sql/draft.js';
import { filterSql, NotWrittenError } from '../data/sql/filter.js';
import { residualSql } from '../data/sql/residual.js';
import { column, columnShape, from, linkOf, type Table } from '../data/sql/table.js';
import { cascadeOf, organizationOf } from '../graphql/define-roots.js';
import type { Principal } from '../policy/principal.js';
import { type Extent, type Place, REACHABLE } from '../policy/situation.js';
import { is } from '../query/filter.js';
import type { Called, Condition } from '../query/meaning.js';
import type { KeyColumns } from '../request/loaders.js';
import { toldOf } from '../request/oneself.js';
import { Gathering } from './gathering.js';
import type {
  ConnectionField,
  FieldPlan,
  ListPlan,
  ObjectPlan,
  RootPlan,
  ToldField,
} from './plan.js';
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
        const id = this.#scribe.draft.input(root.id, 'uuid');
        return { sql: orNull(this.#rowById(root.of, place, id)) };
      }
      case 'named':
        return this.#named(root, place);
      case 'node': {
        const id = this.#scribe.draft.input(root.id, 'uuid');
        return { sql: orNull(...root.of.map((of) => this.#rowById(of, place, id))) };
      }
      case 'nodes': {
        const ids = this.#scribe.draft.input(root.ids, 'uuid[]');
        const rows = root.of.map((of) => this.#rowById(of, place, 'e.id'));
        return { sql: inOrder(orNull(...rows), `unnest(${ids}) WITH ORDINALITY e (id, n)`) };
      }
      case 'entities':
        return { sql: this.#entities(root, place) };
      case 'principal':
        return { sql: this.#told(root.fields, place) };
      case 'list':
        return {
          sql: this.#list(root.list, listedRows(this.#scribe, root, place), place),
        };
    }
  }

  #entities({ types, ids, named, of }: RootPlan & { is: 'entities' }, place: Place): string {
    const { draft } = this.#scribe;
    const parts = [
      draft.input(types, 'text[]'),
      draft.input(ids, 'uuid[]'),
      draft.input(named.of, 'uuid[]'),
      draft.input(named.texts, 'text[]'),
    ];
    const cases = of.map((one) => {
      const key = named.keys.get(one.model);
      const id =
        key === undefined ? 'e.id' : `coalesce(e.id, ${this.#idByKey(one.model, key, place)})`;
      return `WHEN ${literal(one.model)} THEN ${this.#rowById(one, place, id)}`;
    });
    const row = orNull(`CASE e.type ${cases.join(' ')} END`);
    return inOrder(
      row,
      `unnest(${parts.join(', ')}) WITH ORDINALITY e (type, id, owner_id, key, n)`,
    );
  }

  /** The id of the row that a natural key names, of those whose owner may be read. */
  #idByKey(model: string, { relation, foreignKey, column: name }: KeyColumns, place: Place) {
    const query = { model, where: is(relation), select: { columns: ['id'] } };
    const guarded = this.#scribe.guard(query, place, REACHABLE);
    const table = this.#scribe.table(model);
    const isIt = `${column(table, foreignKey)} = e.owner_id AND ${column(table, name)} = e.key`;
    return `(SELECT ${column(table, 'id')} FROM ${from(table)} WHERE ${isIt} AND ${filterSql(table, guarded.where)} LIMIT 1)`;
  }

  /** A row by its id, wherever the caller could act: its object, or nothing. */
  #rowById(of: ObjectPlan, place: Place, id: string): string {
    return this.#row(of, place, REACHABLE, (table) => `${column(table, 'id')} = ${id}`);
  }

  #named(root: RootPlan & { is: 'named' }, place: Place): Part {
    const isCascade = root.within === 'cascade';
    const within = isCascade ? cascadeOf(place) : organizationOf(place);
    if (within === null) throw new NotWrittenError('there is no organization');
    const value = this.#scribe.draft.input(root.value, 'text');
    const extent: Extent = isCascade ? { kind: 'placed' } : { kind: 'placed', tier: 'tenant' };
    const isIt = (table: Table): string => `${column(table, root.column)} = ${value}`;
    return { sql: orNull(this.#row(root.of, within, extent, isIt)) };
  }

  /** The object of the one row of which something is so, or nothing. */
  #row(of: ObjectPlan, place: Place, extent: Extent, isIt: (table: Table) => string): string {
    const { model } = of;
    const guarded = this.#scribe.guard(
      { model, select: { columns: columnsOf(of) } },
      place,
      extent,
    );
    const table = this.#scribe.table(model);
    const where = `${isIt(table)} AND ${filterSql(table, guarded.where)}`;
    return this.#one(of, table, where, place);
  }

  #one(of: ObjectPlan, table: Table, where: string, place: Place): string {
    const row = this.#scribe.table(of.model);
    const inner = `SELECT ${this.#scribe.flagged(of, table, place)} FROM ${from(table)} WHERE ${where} LIMIT 1`;
    const text = this.#object(of, row, place, true);
    const most = this.#scribe.contentBytes;
    const shown = this.#scribe.readsContent(of)
      ? `CASE WHEN ${contentBytes(row)} <= ${most} THEN ${text} ELSE ${TOO_MUCH} END`
      : text;
    return `(SELECT ${shown} FROM (${inner}) ${row.alias})`;
  }

  /** What is known of who asks. */
  #told(fields: readonly ToldField[], place: Place): string {
    return object(fields.map((field) => [field.key, this.#toldField(field, place)]));
  }

  #toldField(field: ToldField, place: Place): Part {
    const { principal } = this.#scribe.decisionsAt(place);
    switch (field.is) {
      case 'typename':
        return JSON.stringify(field.name);
      case 'told':
        return { sql: this.#scribe.draft.value(told(field.tell(principal)), 'text') };
      case 'principal':
        return { sql: this.#told(field.fields, place) };
      case 'oneself':
        return { sql: this.#oneself(field, principal, place) };
    }
  }

  /**
   * The caller's own row. INVARIANT: unguarded of the columns alone that everybody is told of themselves; of more, the other
   * path answers who may not read the row.
   */
  #oneself(
    { isTold, of }: ToldField & { is: 'oneself' },
    principal: Principal,
    place: Place,
  ): string {
    const own = of.model === 'User' ? principal.userId : principal.organizationId;
    if (own === null) return literal('null');
    const id = this.#scribe.draft.value(own, 'uuid');
    if (!isTold) return `coalesce(${this.#rowById(of, place, id)}, ${TOO_MUCH})`;
    // Whoever is told no more than they may read, as a key is of its owner.
    if (toldOf(principal, of.model === 'User' ? 'User' : 'Organization') === null) {
      return orNull(this.#rowById(of, place, id));
    }
    const table = this.#scribe.table(of.model);
    return orNull(this.#one(of, table, `${column(table, 'id')} = ${id}`, place));
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
      case 'ended':
        return {
          sql: `CASE WHEN ${column(row, field.column)} <= now() THEN 'true' ELSE 'false' END`,
        };
      case 'root': {
        const id = `heimdall_root_scope_id(${column(row, 'id')})`;
        const rows = this.#rows(field.of, place, (there) => `${column(there, 'id')} = ${id}`);
        return { sql: orNull(`(SELECT ${rows.text} FROM (${rows.sql} LIMIT 1) ${rows.alias})`) };
      }
      case 'shadowed': {
        const nearest = this.#scribe.nearest(row, place);
        if (nearest === undefined) return 'false';
        return { sql: `CASE WHEN ${nearest} IS NULL THEN 'false' ELSE 'true' END` };
      }
      case 'shadowedBy': {
        const nearest = this.#scribe.nearest(row, place);
        if (nearest === undefined) return 'null';
        const rows = this.#rows(field.of, place, (there) => `${column(there, 'id')} = ${nearest}`);
        return { sql: orNull(`(SELECT ${rows.text} FROM (${rows.sql} LIMIT 1) ${rows.alias})`) };
      }
      case 'ids': {
        const ids = `${column(row, field.column)}[${field.from + 1}:]`;
        const rows = this.#rows(
          field.of,
          place,
          (there) => `${column(there, 'id')} = ANY (${ids})`,
        );
        const order = `array_position(${ids}, ${column(rows.table, 'id')})`;
        return {
          sql: `('[' || coalesce((SELECT string_agg(${rows.text}, ',' ORDER BY ${order}) FROM (${rows.sql} OFFSET 0) ${rows.alias}), '') || ']')`,
        };
      }
      case 'called':
        return {
          sql: `to_json(coalesce(${field.of.map((one) => this.#called(one, row, place)).join(', ')}))::text`,
        };
      default: {
        const sql = this.#shown(model, field, row, place);
        if (!field.managed) return { sql };
        const hidden = withheld(`${model}.${field.name}`);
        return { sql: `CASE WHEN ${row.alias}.${MANAGED} THEN ${sql} ELSE ${hidden} END` };
      }
    }
  }

  #called(one: Called, row: Table, place: Place): string {
    if ('word' in one) return literal(one.word);
    const said = (table: Table): string => `nullif(${column(table, one.column)}, '')`;
    if (!('relation' in one)) return said(row);
    const link = linkOf(row.dataModel, row.model, one.relation);
    const select = { columns: [one.column] };
    const guarded = this.#scribe.guard({ model: link.model, select }, place, REACHABLE);
    const there = this.#scribe.table(link.model);
    const isIt = `${column(there, link.there)} = ${column(row, link.here)}`;
    const isRoot = one.ofRoots === true ? ` AND ${isRootSql(row)}` : '';
    return `(SELECT ${said(there)} FROM ${from(there)} WHERE ${isIt}${isRoot} AND ${filterSql(there, guarded.where)} LIMIT 1)`;
  }

  #shown(
    model: string,
    field: FieldPlan & { is: 'column' | 'chosen' | 'part' | 'one' | 'kept' | 'page' },
    row: Table,
    place: Place,
  ): string {
    switch (field.is) {
      case 'column': {
        const text = valueSql(row, field.column, field.written);
        if (field.unless === undefined) return text;
        return `CASE WHEN ${says(row, field.unless)} THEN 'null' ELSE ${text} END`;
      }
      case 'chosen': {
        const cases = field.of.map(({ column: name, when }) => {
          const isSo = when.map((one) => this.#isSo(one, row, place)).join(' AND ');
          return `WHEN ${isSo} THEN ${valueSql(row, name, field.written)}`;
        });
        const other = field.otherwise === 'null' ? "'null'" : withheld(`${model}.${field.name}`);
        return `CASE ${cases.join(' ')} ELSE ${other} END`;
      }
      case 'part': {
        const members = field.of.fields.map((one): [string, Part] => [
          one.key,
          this.#field(field.type, one, row, place),
        ]);
        return `CASE WHEN ${column(row, field.missing)} IS NULL THEN 'null' ELSE ${object(members)} END`;
      }
      case 'one': {
        const link = linkOf(row.dataModel, row.model, field.relation);
        const rows = this.#rows(field.of, place, (there) => {
          return `${column(there, link.there)} = ${column(row, link.here)}`;
        });
        return orNull(`(SELECT ${rows.text} FROM (${rows.sql} LIMIT 1) ${rows.alias})`);
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

  #isSo(condition: Condition, row: Table, place: Place): string {
    if ('missing' in condition) {
      const name = column(row, condition.missing);
      const { type } = columnShape(row, condition.missing);
      // A null of JSON is none either, to who reads it.
      return type === 'Json' ? `coalesce(${name} = 'null'::jsonb, true)` : `${name} IS NULL`;
    }
    if ('isNot' in condition) return `(${says(row, condition.isNot)}) IS NOT TRUE`;
    if ('permits' in condition) return `${row.alias}.${permittedName(condition.permits)}`;
    const link = linkOf(row.dataModel, row.model, condition.reads);
    const query = { model: link.model, select: { columns: ['id'] } };
    const guarded = this.#scribe.guard(query, place, REACHABLE);
    const there = this.#scribe.table(link.model);
    const isIt = `${column(there, link.there)} = ${column(row, link.here)}`;
    return `EXISTS (SELECT FROM ${from(there)} WHERE ${isIt} AND ${filterSql(there, guarded.where)})`;
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

const orNull = (...rows: readonly string[]): string =>
  `coalesce(${[...rows, "'null'"].join(', ')})`;

/** A list of a text for each element of a table function, in its order. */
const inOrder = (text: string, of: string): string =>
  `('[' || coalesce((SELECT string_agg(${text}, ',' ORDER BY e.n) FROM ${of}), '') || ']')`;

/** INVARIANT: as `organizationRootedAt` has it: what says the version of a UUID. */
const isRootSql = (row: Table): string => `substr(${column(row, 'id')}::text, 15, 1) = '8'`;

const says = (row: Table, { column: name, value }: { column: string; value: string }): string =>
  residualSql(row, { op: 'equals', field: name, value });

function told(value: unknown): string {
  if (value === undefined) throw new NotWrittenError('who asks does not tell');
  return JSON.stringify(value);
}
