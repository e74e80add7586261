import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { badInput, forbidden, type Issue } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { oneOf } from '../query/filter.js';
import type { Session } from './session.js';
import type { Change } from './settings.js';
import { type Links, linkedBy, type Writable } from './writable.js';

/** A change whose references are rows that the principal may refer to. */
export interface Resolved {
  readonly values: Values;
  readonly links: readonly {
    readonly name: string;
    readonly by: Links;
    readonly ids: readonly string[];
  }[];
}

/**
 * Looks up what a change refers to.
 *
 * INVARIANT: a row that may not be read is no row (D14): the same error, at the same place of the input.
 *
 * @param scopeId where the row lives, if it lives at a scope
 * @throws DomainError BAD_USER_INPUT naming every reference that leads nowhere, FORBIDDEN where one needs more than reading
 */
export async function resolveReferences(
  session: Session,
  writable: Writable,
  { columns, references, links }: Change,
  scopeId: unknown,
): Promise<Resolved> {
  const issues: Issue[] = [];
  const values: Record<string, unknown> = { ...columns };
  for (const [name, id] of Object.entries(references)) {
    const reference = writable.references.get(name);
    if (reference === undefined) throw new Error(`${writable.model}.${name} cannot be set`);
    const { column, target, needs } = reference;
    if (id !== null) issues.push(...(await referred(session, target, needs, [id], [name])).issues);
    values[column] = id === null ? null : id.toLowerCase();
  }
  const resolved = [];
  for (const [name, given] of Object.entries(links)) {
    const by = linkedBy(writable, name);
    const { batchItems } = session.limits;
    if (given.length > batchItems) {
      throw badInput([{ path: [name], message: `at most ${batchItems} at once` }]);
    }
    const ids = [...new Set(given.map((id) => id.toLowerCase()))];
    const far = await referred(session, by.target, by.needs, given, [name], true);
    issues.push(...far.issues);
    if (by.definedAbove && far.issues.length === 0) {
      issues.push(...(await strays(session, String(scopeId), far.found, given, [name])));
    }
    resolved.push({ name, by, ids });
  }
  if (issues.length > 0) throw badInput(issues);
  return { values, links: resolved };
}

/** What is referred to, and which of it is not there. */
async function referred(
  session: Session,
  model: string,
  needs: readonly string[],
  given: readonly string[],
  path: readonly string[],
  many = false,
): Promise<{ readonly found: Row[]; readonly issues: Issue[] }> {
  const found = await readableOf(session, model, given);
  const issues = absent(given, found, path, many);
  if (issues.length === 0 && needs.length > 0) await assertPermitted(session, model, needs, found);
  return { found, issues };
}

/** The rows by these ids that the principal may read. */
async function readableOf(
  session: Session,
  model: string,
  given: readonly string[],
): Promise<Row[]> {
  const ids = [...new Set(given.filter(isUuid).map((id) => id.toLowerCase()))];
  if (ids.length === 0) return [];
  return session
    .readerAt(session.place)
    .find({ model, where: oneOf('id', ids), select: { columns: 'unsealed' } });
}

function absent(
  given: readonly string[],
  found: readonly Row[],
  path: readonly string[],
  many: boolean,
): Issue[] {
  const known = new Set(found.map((row) => row.id));
  return given.flatMap((id, index) =>
    known.has(id.toLowerCase())
      ? []
      : [{ path: many ? [...path, index] : path, message: 'there is no such resource' }],
  );
}

/** D8: what is not defined at a scope or above it cannot be used there. The ids are those of an input. */
export async function strays(
  session: Session,
  scopeId: string,
  found: readonly Row[],
  given: readonly string[],
  path: readonly string[],
): Promise<Issue[]> {
  const spot = await session.findSpot(scopeId);
  const above = new Set(spot?.path ?? []);
  const usable = new Set(found.flatMap((row) => (above.has(String(row.scopeId)) ? [row.id] : [])));
  return given.flatMap((id, index) =>
    usable.has(id.toLowerCase())
      ? []
      : [{ path: [...path, index], message: 'it is not defined at this scope or above it (D8)' }],
  );
}

/**
 * The rows that an input lists by id, each once.
 *
 * @throws DomainError BAD_USER_INPUT naming each that leads nowhere, as one that may not be read does (D14), and too many
 */
export async function listed(
  session: Session,
  model: string,
  given: readonly string[],
  path: readonly string[],
): Promise<Row[]> {
  const { batchItems } = session.limits;
  if (given.length > batchItems)
    throw badInput([{ path, message: `at most ${batchItems} at once` }]);
  const found = await readableOf(session, model, given);
  const issues = absent(given, found, path, true);
  if (issues.length > 0) throw badInput(issues);
  return found;
}

/** One of the actions on each row. */
async function assertPermitted(
  session: Session,
  model: string,
  actions: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  let left = rows;
  for (const action of actions) {
    const allowed = await session.permitting(model, action, left);
    left = left.filter(({ id }) => !allowed.has(id));
  }
  if (left.length > 0) throw forbidden(`${actions.join(' or ')} is needed on what is referred to`);
}

/** Of the ids that a row is linked with, those that the principal sees, by relation: as the record keeps them. */
export interface Relinked {
  readonly before: Readonly<Record<string, readonly string[]>>;
  readonly after: Readonly<Record<string, readonly string[]>>;
}

/**
 * Links a row with exactly these, of those that the principal may read: what they cannot see they do not take away,
 * because they could not have named it.
 */
export async function relink(session: Session, id: string, resolved: Resolved): Promise<Relinked> {
  const before: Record<string, readonly string[]> = {};
  const after: Record<string, readonly string[]> = {};
  for (const { name, by, ids } of resolved.links) {
    const linked = await session.writer.linked(by.join, { [by.near]: id }, by.far);
    const gone = linked.filter((far) => !ids.includes(far));
    const seen = await readableIds(session, by.target, gone);
    if (seen.length > 0) {
      await session.writer.unlink(by.join, { [by.near]: id, [by.far]: { in: seen } });
    }
    before[name] = linked.filter((far) => ids.includes(far) || seen.includes(far)).sort();
    after[name] = [...ids].sort();
  }
  await linkAll(session, id, resolved);
  return { before, after };
}

async function readableIds(session: Session, model: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const found = await session
    .readerAt(session.place)
    .find({ model, where: oneOf('id', [...ids]), select: { columns: ['id'] } });
  return found.map((row) => row.id);
}

/** Links a row with these. */
export async function linkAll(session: Session, id: string, { links }: Resolved): Promise<void> {
  for (const { by, ids } of links) {
    await session.writer.link(
      by.join,
      ids.map((far) => ({ [by.near]: id, [by.far]: far })),
    );
  }
}
