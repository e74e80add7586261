import type { Prisma } from '../data/generated/client.js';
import { isUuid } from '../policy/pattern.js';
import type { BYPASSES } from '../policy/vocabulary.js';
import { isText } from '../query/text.js';
import type { AuditEntry } from './entry.js';
import { redactChange } from './redact.js';

/** What sends a statement: a transaction, or the client itself. */
export type Sender = Pick<Prisma.TransactionClient, '$executeRaw'>;

/** Texts that come from outside are cut to so many characters. */
const MOST_CHARACTERS = 500;

/**
 * Records what was done, in the transaction that does it: one statement for all of it. It rejects when an entry cannot
 * be written, and the change must then be undone with it (D19).
 */
export async function record(tx: Sender, ...entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO audit_entry (organization_id, scope_id, actor_kind, actor_user_id, actor_key_id, actor_label,
      acting_organization_id, is_switched, bypass, action, resource_type, resource_id, outcome, reason,
      before, after, request_id, id)
    SELECT e.*, heimdall_next_id(row_number() OVER ())
    FROM jsonb_to_recordset(${JSON.stringify(entries.map(rowOf))}::jsonb) AS e (
      organization_id uuid, scope_id uuid, actor_kind text, actor_user_id uuid, actor_key_id uuid, actor_label text,
      acting_organization_id uuid, is_switched boolean, bypass text, action text, resource_type text,
      resource_id uuid, outcome text, reason text, before jsonb, after jsonb, request_id text)`;
}

function rowOf(entry: AuditEntry): object {
  const { principal, place } = entry;
  return {
    organization_id: entry.organizationId,
    scope_id: entry.scopeId,
    actor_kind: principal.kind,
    actor_user_id: principal.userId,
    actor_key_id: principal.keyId,
    actor_label: principal.label,
    acting_organization_id: place.organizationId,
    is_switched: place.switched,
    bypass: bypassOf(entry),
    action: entry.action,
    resource_type: entry.resourceType,
    resource_id: idOf(entry),
    outcome: entry.outcome,
    reason: short(entry.reason),
    ...redactChange(entry.resourceType, entry.before, entry.after),
    request_id: short(entry.requestId),
  };
}

/**
 * Records what was refused, in a transaction of its own, once the refused one has ended.
 *
 * INVARIANT: where the caller is told that there is no such row, the entry says where they acted and nothing
 * of the row, which may be hidden or not be there at all: the statement, and who can read the entry, are
 * the same (D14). So it is too where nobody says what the caller was told.
 */
export async function recordDenial(
  client: Sender,
  entry: Omit<AuditEntry, 'outcome'> & { readonly outcome?: 'DENIED' | 'FAILED' },
  told: 'FORBIDDEN' | 'NOT_FOUND' = 'NOT_FOUND',
): Promise<void> {
  const denied: AuditEntry = { ...entry, outcome: entry.outcome ?? 'DENIED' };
  await record(client, told === 'FORBIDDEN' ? denied : asAbsent(denied));
}

function asAbsent(entry: AuditEntry): AuditEntry {
  const { organizationId } = entry.place;
  return {
    ...entry,
    organizationId,
    scopeId: null,
    before: null,
    after: null,
    reason: 'there is no such row that may be read',
  };
}

/** By which right somebody acts where they hold nothing (D4, D12). */
function bypassOf({ principal, place }: AuditEntry): (typeof BYPASSES)[number] | null {
  if (principal.isPlatformAdmin) return 'PLATFORM_ADMIN';
  return place.switched ? 'PROVIDER' : null;
}

/** What was asked for may be no id at all. */
function idOf({ resourceId }: AuditEntry): string | null {
  return isUuid(resourceId) ? resourceId.toLowerCase() : null;
}

function short(text: string | undefined): string | null {
  if (text === undefined || !isText(text)) return null;
  return [...text].slice(0, MOST_CHARACTERS).join('');
}
