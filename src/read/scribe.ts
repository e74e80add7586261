import { contentsOf } from '../data/prisma/contents.js';
import type { Draft } from '../data/sql/draft.js';
import { filterSql } from '../data/sql/filter.js';
import { beyondSql } from '../data/sql/order.js';
import { residualSql } from '../data/sql/residual.js';
import { column, from, type Table, tableOf } from '../data/sql/table.js';
import { chargeWeight } from '../limits/charge-filter.js';
import type { Limited } from '../limits/limits.js';
import type { Decisions } from '../policy/decisions.js';
import { MANAGE } from '../policy/resolve.js';
import type { Extent, Place } from '../policy/situation.js';
import { type DataModel, relationOf } from '../query/data-model.js';
import type { Filter } from '../query/filter.js';
import { guard, guardCount } from '../query/guard.js';
import { guardFilter } from '../query/guard-filter.js';
import type { GuardedCount, GuardedQuery } from '../query/guarded.js';
import type { Guarding } from '../query/guarding.js';
import type { CountQuery, OrderKey, Query } from '../query/query.js';
import { weigh } from '../query/weigh.js';
import { type ListPlan, type ObjectPlan, ownFields } from './plan.js';
import type { Few, FewOf } from './ways.js';

/** What statements are written with. */
export interface Writing {
  readonly dataModel: DataModel;
  readonly guardingAt: (place: Place) => Guarding;
  readonly request: Limited;
  /** More bytes of JSON are not written at once. */
  readonly contentBytes: number;
  /** Which lists find the rows of who may see few one by one; left out, none does. */
  readonly few?: FewOf | undefined;
  /** More rows than this are not few. */
  readonly foundRows: number;
}

/** The names of what is worked out once of a row. */
export const MANAGED = '"#m"';
export const permittedName = (action: string): string => `"#${action}"`;

/** What writes the parts of a statement: whatever it reads has been guarded. */
export class Scribe {
  readonly draft: Draft;
  readonly #writing: Writing;

  constructor(draft: Draft, writing: Writing) {
    this.draft = draft;
    this.#writing = writing;
  }

  get dataModel(): DataModel {
    return this.#writing.dataModel;
  }

  /** More bytes of JSON are not written at once. */
  get contentBytes(): number {
    return this.#writing.contentBytes;
  }

  /** More rows than this are not few. */
  get foundRows(): number {
    return this.#writing.foundRows;
  }

  /** What is known of the parts of a list. */
  fewOf(list: ListPlan): readonly (Few | undefined)[] {
    return this.#writing.few?.get(list) ?? [];
  }

  decisionsAt(place: Place): Decisions {
    return this.#writing.guardingAt(place).decisions;
  }

  flagged(of: ObjectPlan, table: Table, place: Place): string {
    return [`${table.alias}.*`, ...this.flagsOf([of], table, place)].join(', ');
  }

  /** What is worked out once of a row, by the very residuals that lists are narrowed by. */
  flagsOf(plans: readonly ObjectPlan[], table: Table, place: Place): string[] {
    const decisions = this.decisionsAt(place);
    const fields = plans.flatMap(ownFields);
    const permitted = (action: string, name: string): string =>
      `${residualSql(table, decisions.residual(table.model, action))} AS ${name}`;
    const actions = new Set(
      fields.flatMap((field) => {
        if (field.is === 'permitted') return [field.action];
        if (field.is !== 'chosen') return [];
        return field.of.flatMap(({ when }) =>
          when.flatMap((one) => ('permits' in one ? [one.permits] : [])),
        );
      }),
    );
    const isManaged = fields.some((field) => 'managed' in field && field.managed);
    return [
      ...(isManaged ? [permitted(MANAGE, MANAGED)] : []),
      ...[...actions].map((action) => permitted(action, permittedName(action))),
    ];
  }

  beyond(table: Table, order: readonly OrderKey[], beyond: ListPlan['beyond']): string[] {
    if (beyond === undefined) return [];
    const { missing, name } = beyond;
    return [beyondSql(table, order, missing, (key) => `${name}.${key}`)];
  }

  count(
    query: CountQuery,
    place: Place,
    extent: Extent,
    among: (table: Table) => string = from,
  ): string {
    const guarded: GuardedCount = guardCount(this.#writing.guardingAt(place), query, extent);
    const table = this.table(query.model);
    return `(SELECT count(*) FROM ${among(table)} WHERE ${filterSql(table, guarded.where)})`;
  }

  charge(model: string, where: Filter, place: Place): void {
    const guarding = this.#writing.guardingAt(place);
    chargeWeight(this.#writing.request, where, () => weigh(guardFilter(guarding, model, where)));
  }

  guard(query: Query, place: Place, extent: Extent): GuardedQuery {
    return guard(this.#writing.guardingAt(place), query, extent);
  }

  /** The id of the nearest row of the same name in the place, if one shadows the row (D3); undefined: nowhere is one. */
  nearest(row: Table, { chain }: Place): string | undefined {
    if (chain.length === 0) return undefined;
    const { type } = relationOf(this.dataModel, row.model, 'shadows');
    const shadow = this.table(type);
    const places = this.draft.value([...chain], 'uuid[]');
    const near = column(shadow, 'nearScopeId');
    return `(SELECT ${column(shadow, 'nearId')} FROM ${from(shadow)} WHERE ${column(shadow, 'farId')} = ${column(row, 'id')} AND ${near} = ANY (${places}) ORDER BY array_position(${places}, ${near}) LIMIT 1)`;
  }

  /** Whether an object shows what may be of any length. */
  readsContent(plan: ObjectPlan): boolean {
    const contents = contentsOf(this.dataModel, plan.model);
    return columnsOf(plan).some((name) => contents.includes(name));
  }

  table(model: string): Table {
    return tableOf(this.draft, this.dataModel, model);
  }
}

export const contentBytes = (table: Table): string => column(table, 'contentBytes');

/** What is shown of the rows of a list. */
export function nodesOf({ fields }: ListPlan): ObjectPlan[] {
  return fields.flatMap((field) =>
    field.is === 'edges'
      ? field.fields.flatMap((part) => (part.is === 'node' ? [part.of] : []))
      : [],
  );
}

/** The columns of its own table that an object shows. */
export function columnsOf(plan: ObjectPlan): string[] {
  return ownFields(plan).flatMap((field): string[] => {
    switch (field.is) {
      case 'chosen':
        return field.of.map((one) => one.column);
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
