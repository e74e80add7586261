import type { Row } from '../../data/prisma/reader.js';
import { badInput, isDomainError } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { oneOf } from '../../query/filter.js';
import { isText } from '../../query/text.js';
import { resolvePlace, type ScopeRequest } from '../../request/place.js';
import { createRow, notToBeMade, wouldPermit } from '../create-row.js';
import { refusalOf } from '../refusals.js';
import type { Session } from '../session.js';
import type { Change } from '../settings.js';
import { actingAt, type Spot } from '../spot.js';
import type { Writable } from '../writable.js';
import { assertExternalIdIsFree } from './external-id.js';
import { assertContains, assertShallow } from './fits.js';
import { ownAsMaker } from './own.js';
import { renewed } from './renewed.js';

/** A scope to be made. */
export interface NewScope {
  readonly typeId: string;
  readonly change: Change;
  /** Where it goes: a scope by id, where the request acts (undefined), or a scope by its external id. */
  readonly parent: ScopeRequest;
  readonly parentExternalId: string | null;
}

/**
 * Makes a scope in another one, by the right to create scopes there; who makes a DEFINE scope owns it (D8).
 *
 * @throws DomainError FORBIDDEN, CONFLICT, BAD_USER_INPUT, SCOPE_FORBIDDEN
 */
export async function createScope(
  session: Session,
  writable: Writable,
  scope: NewScope,
): Promise<Row> {
  const parent = await parentOf(session, scope);
  return (await make(parent, writable, scope, new Map())).row;
}

interface Parent {
  readonly spot: Spot;
  readonly there: Session;
}

/** The types that were read for a batch, by what their reading hangs on. */
type Types = Map<string, Promise<Row>>;

async function make(
  { spot, there }: Parent,
  writable: Writable,
  { typeId, change }: NewScope,
  types: Types,
) {
  const { organizationId, scopeId } = spot;
  if (organizationId === null) {
    throw badInput([{ path: ['parent'], message: 'a scope is in an organization' }]);
  }
  there.aim({ id: null, at: spot });
  const columns = { ...change.columns, typeId: typeId.toLowerCase(), parentId: scopeId };
  const placed: Change = { ...change, columns };
  // Who may not make one there is told nothing of what is there.
  if (!wouldPermit(there, writable, 'create', spot, placed)) throw notToBeMade('create');
  const key = `${typeId} ${there.place.organizationId} ${there.place.switched}`;
  const read = types.get(key) ?? readableType(there, typeId);
  types.set(key, read);
  const type = await read;
  await assertContains(there, type.id, spot);
  assertShallow(spot.path, 1);
  await assertExternalIdIsFree(there, organizationId, change.columns.externalId);
  const row = await createRow(there, writable, spot, placed, ['create']);
  // A mode that this version does not know counts as DEFINE.
  const defines = type.permissionMode !== 'MERGE';
  if (defines) await ownAsMaker(there, row);
  return { row, defines };
}

/** INVARIANT: a type that may not be read is none (D14). */
async function readableType(session: Session, id: string): Promise<Row> {
  const type = isUuid(id)
    ? await session.readerAt(session.place).first({
        model: 'ScopeType',
        where: oneOf('id', [id.toLowerCase()]),
        select: { columns: ['id', 'permissionMode'] },
      })
    : null;
  if (type === null) throw badInput([{ path: ['type'], message: NONE }]);
  return type;
}

/** INVARIANT: only by its id is a scope named as a place that may not be read (D4, D14). */
async function parentOf(
  session: Session,
  { parent, parentExternalId }: Pick<NewScope, 'parent' | 'parentExternalId'>,
): Promise<Parent> {
  if (parentExternalId === null) return actingAt(session, parent);
  if (parent !== undefined) throw namedTwice();
  const id = await readableByExternalId(session, parentExternalId);
  if (id === null) throw badInput([{ path: ['parentExternalId'], message: NONE }]);
  return actingAt(session, id);
}

async function readableByExternalId(session: Session, externalId: string): Promise<string | null> {
  const { organizationId } = session.place;
  // What is no text is the external id of nothing.
  if (organizationId === null || !isText(externalId)) return null;
  const found = await session.tx.scope.findUnique({
    where: { organizationId_externalId: { organizationId, externalId } },
    select: { id: true },
  });
  if (found === null) return null;
  const where = oneOf('id', [found.id]);
  const reader = session.readerAt(session.place);
  const readable = await reader.first({ model: 'Scope', where, select: { columns: ['id'] } });
  return readable?.id ?? null;
}

const namedTwice = (): Error => {
  const message = 'the parent is named by its id or by its external id, not by both';
  return badInput([{ path: ['parentExternalId'], message }]);
};

const NONE = 'there is no such resource';

/**
 * Makes scopes, all or none, each after the one that it names as its parent, whatever their order. An error says which
 * of them it is about.
 *
 * @returns them in the order of the input
 */
export async function createScopes(
  session: Session,
  writable: Writable,
  name: string,
  items: readonly NewScope[],
): Promise<Row[]> {
  const made: Row[] = [];
  const types: Types = new Map();
  let acting = session;
  for (const index of inOrder(name, items)) {
    const item = items[index] as NewScope;
    try {
      acting.aim({ id: null, at: null });
      const named = items.findIndex((one) => isNamedBy(one, item));
      const parent =
        named < 0 ? await parentOf(acting, item) : await justMade(acting, item, made[named] as Row);
      const { row, defines } = await make(parent, writable, item, types);
      made[index] = row;
      // What its maker may do in it follows from owning it.
      if (defines) acting = await renewed(acting);
    } catch (error) {
      const known = refusalOf(error);
      throw isDomainError(known) ? known.within(name, index) : known;
    }
  }
  return made;
}

/** A parent of which everything is known, because it was made by the same command. */
async function justMade(session: Session, { parent }: NewScope, row: Row): Promise<Parent> {
  if (parent !== undefined) throw namedTwice();
  const { id } = row;
  const organizationId = row.organizationId as string;
  const path = row.path as readonly string[];
  const inheritsFrom = row.inheritsFrom as readonly string[];
  const find = async () => ({ id, organizationId, path, inheritsFrom });
  const place = await resolvePlace(session.principal, id, find, session.place);
  const scope = { id, name: row.name, externalId: row.externalId, meta: row.meta };
  const typeId = String(row.typeId);
  const spot = { scopeId: id, typeId, organizationId, inheritsFrom, path, scope };
  return { spot, there: session.at(place) };
}

const isNamedBy = ({ change }: NewScope, { parentExternalId }: NewScope): boolean =>
  parentExternalId !== null && change.columns.externalId === parentExternalId;

/** The items by their indexes, parents first. Throws BAD_USER_INPUT on what is in itself, and on what there are two of. */
function inOrder(name: string, items: readonly NewScope[]): readonly number[] {
  const indexes = new Map<string, number>();
  for (const [index, { change }] of items.entries()) {
    const { externalId } = change.columns;
    if (typeof externalId !== 'string') continue;
    if (indexes.has(externalId)) {
      const message = 'another of them has this external id';
      throw badInput([{ path: [name, index, 'externalId'], message }]);
    }
    indexes.set(externalId, index);
  }
  const order: number[] = [];
  const state = new Map<number, 'under way' | 'placed'>();
  for (const start of items.keys()) {
    // Upwards to one that is placed, or whose parent is none of them; then down again.
    const chain: number[] = [];
    let at: number | undefined = start;
    while (at !== undefined && state.get(at) !== 'placed') {
      if (state.get(at) === 'under way') {
        const message = 'it would be within itself';
        throw badInput([{ path: [name, at, 'parentExternalId'], message }]);
      }
      state.set(at, 'under way');
      chain.push(at);
      const parent: string | null = items[at]?.parentExternalId ?? null;
      at = parent === null ? undefined : indexes.get(parent);
    }
    for (const one of chain.reverse()) {
      state.set(one, 'placed');
      order.push(one);
    }
  }
  return order;
}
