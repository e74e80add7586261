import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { badInput, type Issue } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { ACTIONS, type ResourceType } from '../policy/vocabulary.js';
import { type DataModel, relationOf } from '../query/data-model.js';
import type { Session } from './session.js';
import type { Setting } from './settings.js';

/** A relation that can be set, to one row: the column that names it, and what it leads to. */
export interface Reference {
  readonly column: string;
  readonly target: string;
  /** One of these on the target is needed to refer to it; reading it is needed always. */
  readonly needs: readonly string[];
}

/** A relation that can be set, to many rows, kept in rows of a join table. */
export interface Links {
  readonly join: string;
  /** The join table's columns: of this row, and of the one that it is linked with. */
  readonly near: string;
  readonly far: string;
  readonly target: string;
  readonly needs: readonly string[];
  /** Only what is defined at the row's scope or above it (D8). */
  readonly definedAbove: boolean;
}

/** What commands know of a resource. */
export interface Writable {
  readonly model: string;
  readonly resource: ResourceType;
  readonly policy: Policy;
  readonly settings: readonly Setting[];
  readonly references: ReadonlyMap<string, Reference>;
  readonly links: ReadonlyMap<string, Links>;
  /** What is wrong with a row as it would be, that no single part of it shows. */
  readonly check?: RowCheck;
  readonly keeping?: Keeping;
  readonly guard?: ChangeGuard;
  readonly watch?: Watch;
  /** What is told where there is such a row already; of most, that their name is taken. */
  readonly taken?: string;
  /** What deleting it takes along needs. Throws FORBIDDEN. */
  readonly beforeDelete?: (session: Session, id: string) => Promise<void>;
}

/** What a change needs beyond its action, decided on the row before. Throws FORBIDDEN. */
export type ChangeGuard = (session: Session, before: Row, change: Values) => Promise<void>;

/**
 * What a row must not come to, decided on it as it is afterwards, with all that was linked; what has to be known of it
 * before is read before. Of a row that is made there is none before. Throws DomainError.
 */
export type Watch = (
  session: Session,
  before: Row | null,
) => Promise<(after: Row) => Promise<void>>;

/** How a row is kept, where that is not as it is set: a secret, encrypted (D16). */
export interface Keeping {
  /** The row as it would be, as it is decided on: without what is kept otherwise. */
  decidedOn(row: Values): Values;
  /**
   * What is written for what is set, of a row that is made (`before` is null) or changed; asked once that is permitted.
   *
   * @throws DomainError BAD_USER_INPUT: what is set cannot be kept
   */
  keep(session: Session, before: Row | null, id: string, set: Values): Promise<Values>;
}

export type RowCheck = (row: Values) => readonly Issue[];

/** The reference behind a to-one relation. */
export function referenceOf(
  dataModel: DataModel,
  model: string,
  name: string,
  needs: readonly string[],
): Reference {
  const { type, from } = relationOf(dataModel, model, name);
  const [column] = from;
  if (column === undefined) throw new Error(`${model}.${name} is not kept in a column`);
  return { column, target: type, needs };
}

/** The links behind a to-many relation by rows between. */
export function linksOf(
  dataModel: DataModel,
  model: string,
  name: string,
  far: string,
  needs: readonly string[],
  definedAbove: boolean,
): Links {
  const { type: join, inverse } = relationOf(dataModel, model, name);
  const toFar = relationOf(dataModel, join, far);
  const [nearColumn] = relationOf(dataModel, join, inverse).from;
  const [farColumn] = toFar.from;
  if (nearColumn === undefined || farColumn === undefined) {
    throw new Error(`${join} does not join ${model} and ${toFar.type}`);
  }
  return { join, near: nearColumn, far: farColumn, target: toFar.type, needs, definedAbove };
}

/** The links of a row by a relation that can be set. */
export function linkedBy({ model, links }: Writable, name: string): Links {
  const by = links.get(name);
  if (by === undefined) throw new Error(`${model}.${name} cannot be set`);
  return by;
}

/** The actions of a type that can be had on a row that exists. */
export function actionsOnRows({ resource, policy }: Writable): readonly string[] {
  return ACTIONS[resource].filter((action) => action !== 'create' && action in policy.actions);
}

/** Throws BAD_USER_INPUT on a row that cannot be. */
export function assertSound({ check }: Writable, row: Values): void {
  const issues = check?.(row) ?? [];
  if (issues.length > 0) throw badInput(issues);
}
