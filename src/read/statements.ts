import type { Bound } from '../data/sql/draft.js';
import { commonsSql, Draft } from '../data/sql/draft.js';
import type { Acting } from '../request/acting.js';
import type { ScopeNode } from '../request/place.js';
import type { Proof } from './caller.js';
import type { Input, Plan } from './plan.js';
import type { Writing } from './scribe.js';
import { type Placed, writeData } from './write-statement.js';

/** A statement whose only row is an answer. */
export interface Statement {
  readonly text: string;
  readonly bound: readonly Bound[];
  readonly inputs: ReadonlyMap<string, Input>;
  /** In which other organizations than their own who asks acts by it (D19). */
  readonly actsIn: Acting['where'];
}

/** What has to be as it was when the statement was written. */
export interface Conditions {
  /** The caller's authority; undefined: it was read for this request. */
  readonly proof: Proof | undefined;
  /** The scopes that places were named by. */
  readonly named: readonly ScopeNode[];
  /** A longer answer, in characters, is none: null. */
  readonly most: number;
}

/** A character of UTF-8 takes so many bytes at most. */
const BYTES_PER_CHARACTER = 4;

/**
 * The statement of a plan. It has no row where the caller's authority is another by now, or a scope is somewhere else.
 *
 * INVARIANT: authority and rows are of one snapshot, so that nothing is answered by what has been revoked (D18).
 */
export function writeStatement(
  plan: Plan,
  roots: readonly Placed[],
  writing: Writing,
  { proof, named, most }: Conditions,
): Omit<Statement, 'actsIn'> {
  const draft = new Draft();
  const data = writeData(draft, roots, writing);
  const conditions = [
    ...(proof === undefined ? [] : [currentSql(draft, proof)]),
    ...named.map((scope) => placedSql(draft, scope)),
    ...draft.asserted,
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  // INVARIANT: what is too long never leaves the database. OFFSET keeps it from being made twice.
  const made = `SELECT ${data} AS answer${where} OFFSET 0`;
  const bytes = most * BYTES_PER_CHARACTER;
  const commons = commonsSql(draft);
  const text = `${commons}SELECT CASE WHEN octet_length(x.answer) <= ${bytes} THEN x.answer END AS answer FROM (${made}) x`;
  return { text, bound: draft.bound, inputs: plan.inputs };
}

function placedSql(draft: Draft, { id, path, inheritsFrom }: ScopeNode): string {
  const [at, above, heir] = [
    draft.value(id, 'uuid'),
    draft.value([...path], 'uuid[]'),
    draft.value([...inheritsFrom], 'uuid[]'),
  ];
  return `EXISTS (SELECT FROM scope s WHERE s.id = ${at} AND s.path = ${above} AND s.inherits_from = ${heir})`;
}

function currentSql(draft: Draft, { vector, validUntil }: Proof): string {
  const organizations = draft.value([...vector.organizationIds], 'uuid[]');
  const versions = draft.value([...vector.versions], 'uuid[]');
  const isCurrent = `NOT EXISTS (SELECT FROM unnest(${organizations}, ${versions}) v (o, n) LEFT JOIN authority a ON a.organization_id = v.o WHERE a.version IS DISTINCT FROM v.n)`;
  return `${isCurrent} AND now() < ${draft.value(validUntil ?? 'infinity', 'timestamptz')}`;
}

/** What goes into the places of a statement: of a cursor's input the values one by one. */
export function valuesOf(
  { bound, inputs }: Pick<Statement, 'bound' | 'inputs'>,
  variables: Readonly<Record<string, unknown>>,
): unknown[] {
  const read = new Map<string, unknown>();
  const inputOf = (name: string): unknown => {
    if (!read.has(name)) read.set(name, inputs.get(name)?.(variables));
    return read.get(name);
  };
  return bound.map((one) => {
    if (one.kind === 'value') return one.value;
    const [name = '', part] = one.name.split('.');
    const value = inputOf(name);
    return part === undefined ? value : (value as unknown[])[Number(part)];
  });
}
