import { cover } from '../oracle/coverage.js';
import { RESOURCE } from '../oracle/decide.js';
import type { Written } from '../oracle/outcome.js';
import type { Place } from '../oracle/place.js';
import { tenantOf } from '../oracle/tree.js';
import { expectSame } from '../questions/difference.js';
import type { Session } from '../questions/session.js';
import { TABLES } from '../world/plant.js';
import { PLATFORM, type Row, rootOf } from '../world/types.js';
import type { Answer } from './send.js';
import type { Entry, Snapshot, Stored } from './snapshot.js';
import { type Batch, idIn, type Write } from './write.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** D19: what is denied; a mistake of the input, and what conflicts, is none. */
const DENIALS = ['FORBIDDEN', 'NOT_FOUND', 'SCOPE_FORBIDDEN', 'CASCADE_WRITE_FORBIDDEN'];

/** Who acted, acting where. */
function actor({ asking: { person, place: own } }: Session, place: Place = own): Stored {
  return {
    actor_kind: person.kind,
    actor_user_id: person.userId,
    actor_key_id: person.who.guise === 'key' ? person.who.keyId : null,
    acting_organization_id: place.organizationId,
    is_switched: place.switched,
    bypass: person.isAdmin ? 'PLATFORM_ADMIN' : place.switched ? 'PROVIDER' : null,
  };
}

/** Where the record has a row: a scope is in its parent, a root at itself (§2). */
function livesAt(row: Row): string {
  if (row.type !== 'Scope') return row.one.scope ?? homeOf(tenantOf(row));
  const { parent } = row.one;
  return parent == null || parent === PLATFORM ? row.id : parent;
}

const homeOf = (organization: string | null): string =>
  organization === null ? PLATFORM : rootOf(organization);

/** D19: each write is recorded once, by the transaction that did it. */
export function expectRecorded(
  title: string,
  session: Session,
  rows: readonly Written[],
  entries: readonly Entry[],
  after: Snapshot,
): void {
  cover('D19 write: a write is recorded in its transaction', true);
  const expected = rows.map(({ action, before, after: is, place, told }): Stored => {
    const row = (before ?? is) as Row;
    return {
      ...actor(session, place),
      action,
      resource_type: RESOURCE[row.type],
      resource_id: row.id,
      outcome: 'PERMITTED',
      organization_id: tenantOf(row),
      scope_id: livesAt(row),
      before: before === null || told !== undefined ? null : (before.version ?? 1),
      after: is === null || told !== undefined ? null : (is.version ?? 1),
    };
  });
  expectSame(
    `${title}: what is recorded`,
    entries.map(({ row }) => ({
      ...picked(row, expected[0] ?? {}),
      before: versionIn(row.before),
      after: versionIn(row.after),
    })),
    expected,
  );
  const written = rows.flatMap(({ after: is, told }) =>
    is === null || told !== undefined ? [] : [after.get(TABLES[is.type])?.get(is.id)?.xmin],
  );
  const transactions = new Set([...written, ...entries.map(({ xmin }) => xmin)]);
  expectSame(`${title}: it is recorded by its own transaction`, transactions.size, 1);
}

const versionIn = (row: unknown): unknown => (row as { version?: number } | null)?.version ?? null;

/** D19: what was denied is recorded once, and tells nothing of a row (D14). */
export function expectDenied(
  title: string,
  session: Session,
  write: Write,
  { errors }: Answer,
  entries: readonly Entry[],
): void {
  const isDenial = cover(
    'D19 write: a refusal is recorded',
    DENIALS.includes(String(errors[0]?.code)),
  );
  const id = idIn(write);
  const expected: Stored = {
    ...actor(session),
    action: `${RESOURCE[write.type]}:${verbOf(write)}`,
    resource_type: RESOURCE[write.type],
    resource_id: id !== null && UUID.test(id) ? id.toLowerCase() : null,
    outcome: 'DENIED',
    before: null,
    after: null,
    ...whereDenied(session, write, errors[0]?.code, entries[0]?.row),
  };
  expectSame(
    `${title}: what is recorded of a refusal`,
    entries.map(({ row }) => picked(row, expected)),
    isDenial ? [expected] : [],
  );
}

/**
 * Where the entry of a refusal lives: where the actor acts, as far as they are told that there is nothing. Else it
 * may name the row that they read, or the place that they named, which is where they may act (D4).
 */
function whereDenied(
  { asking: { tree, person, place } }: Session,
  write: Write,
  code: unknown,
  entry: Stored | undefined,
): Stored {
  // Of a batch it is about one of the items, and of an override about the one that is there.
  const items =
    write.kind === 'batch'
      ? write.items.map(idIn)
      : write.kind === 'setOverride'
        ? tree.of('ScopeOverride').map(({ id }) => id)
        : [];
  const asked = items.find((id) => id?.toLowerCase() === entry?.resource_id);
  const acting = {
    organization_id: place.organizationId,
    scope_id: homeOf(place.organizationId),
    ...(asked == null ? {} : { resource_id: asked.toLowerCase() }),
  };
  if (!['FORBIDDEN', 'CASCADE_WRITE_FORBIDDEN'].includes(String(code)) || entry === undefined) {
    return acting;
  }
  const { organization_id: organization = null, scope_id: scope } = entry;
  const within = [null, person.organizationId].includes(organization as string | null);
  if (!within && !person.isAdmin && !person.isProvider) return acting;
  const isPlace = scope === PLATFORM || tree.find('Scope', String(scope)) !== undefined;
  return {
    ...acting,
    organization_id: organization,
    scope_id: isPlace ? scope : acting.scope_id,
  };
}

/** What the record calls what was tried. */
const VERBS: Partial<Record<Write['kind'] | Batch['of'], string>> = {
  setConfig: 'update',
  createScope: 'create',
  moveScope: 'move',
  setOverride: 'update',
  removeOverride: 'delete',
};

function verbOf(write: Write): string {
  if (write.kind !== 'batch') return VERBS[write.kind] ?? write.kind;
  // Scopes that are linked are moved.
  return write.of === 'link' ? 'move' : write.of;
}

function picked(row: Stored, like: Stored): Stored {
  return Object.fromEntries(Object.keys(like).map((name) => [name, row[name] ?? null]));
}
