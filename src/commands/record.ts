import { record, recordDenial } from '../audit/record.js';
import type { Row } from '../data/prisma/reader.js';
import { isDomainError } from '../errors.js';
import type { Context } from '../request/context.js';
import type { Session } from './session.js';
import type { Writable } from './writable.js';

/** Records a write in its own transaction (D19): one that cannot be recorded is not done. */
export async function recordWrite(
  session: Session,
  { resource, policy }: Writable,
  action: string,
  before: Row | null,
  after: Row | null,
): Promise<void> {
  const { tx, principal, place, requestId } = session;
  const row = before ?? after;
  const organization = policy.home?.organization ?? 'organizationId';
  await record(tx, {
    principal,
    place,
    action: `${resource}:${action}`,
    resourceType: resource,
    resourceId: row?.id ?? null,
    scopeId: textOf(row?.scopeId),
    organizationId: textOf(row?.[organization]),
    outcome: 'PERMITTED',
    before,
    after,
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/**
 * Records that a command was refused, once its transaction is undone.
 *
 * INVARIANT: by what the caller has said and nothing else, so that a hidden row and none are recorded alike (D14).
 */
export async function recordRefusal(
  context: Context,
  { resource }: Writable,
  action: string,
  resourceId: string | null,
  error: unknown,
): Promise<void> {
  if (!isDomainError(error) || !DENIALS.includes(error.code)) return;
  const { principal, place, requestId } = context;
  const denied = {
    principal,
    place,
    action: `${resource}:${action}`,
    resourceType: resource,
    resourceId,
    scopeId: null,
    organizationId: place.organizationId,
    reason: error.message,
    ...(requestId === undefined ? {} : { requestId }),
  };
  await context.sendAlone((sender) => recordDenial(sender, denied));
}

const DENIALS: readonly string[] = [
  'FORBIDDEN',
  'NOT_FOUND',
  'SCOPE_FORBIDDEN',
  'CASCADE_WRITE_FORBIDDEN',
];

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
