import { record, recordDenial } from '../audit/record.js';
import type { Row } from '../data/prisma/reader.js';
import { isDomainError } from '../errors.js';
import type { Context } from '../request/context.js';
import { type Aim, whereaboutsOf } from './aim.js';
import type { Session } from './session.js';
import type { Writable } from './writable.js';

/**
 * Has a write recorded in its own transaction (D19), with all others of the command: one that cannot be recorded is not
 * done.
 */
export function recordWrite(
  session: Session,
  { resource, policy }: Pick<Writable, 'resource' | 'policy'>,
  action: string,
  before: Row | null,
  after: Row | null,
): void {
  const { principal, place, requestId } = session;
  const row = before ?? after;
  session.entries.push({
    principal,
    place,
    action: `${resource}:${action}`,
    resourceType: resource,
    resourceId: row?.id ?? null,
    ...whereaboutsOf(policy, row ?? {}),
    outcome: 'PERMITTED',
    before,
    after,
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Writes what a command has had recorded: its last statements. */
export async function recordAll({ tx, entries }: Session): Promise<void> {
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    await record(tx, ...entries.slice(at, at + AT_ONCE));
  }
}

/** Rows can be large, and two of each are in an entry. */
const AT_ONCE = 100;

/**
 * Records that a command was denied, once its transaction is undone. What is at fault, in conflict or without an answer
 * was not denied, and nothing of it was done.
 *
 * INVARIANT: by what the caller has said and may read, so that a hidden row and none are recorded alike (D14).
 */
export async function recordRefusal(
  context: Context,
  { resource }: Writable,
  action: string,
  { id, at }: Aim,
  error: unknown,
): Promise<void> {
  if (!isDomainError(error) || !DENIALS.includes(error.code)) return;
  const { place, requestId } = context;
  // Who sees as somebody else is the one who tries.
  const principal = context.viewer ?? context.principal;
  const denied = {
    principal,
    place: { ...place, switched: place.organizationId !== principal.organizationId },
    action: `${resource}:${action}`,
    resourceType: resource,
    resourceId: id,
    ...(at ?? { organizationId: place.organizationId, scopeId: null }),
    reason: typeof error.cause === 'string' ? error.cause : error.message,
    ...(requestId === undefined ? {} : { requestId }),
  };
  const told = error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'FORBIDDEN';
  await context.sendAlone((sender) => recordDenial(sender, denied, told));
}

const DENIALS: readonly string[] = [
  'FORBIDDEN',
  'NOT_FOUND',
  'SCOPE_FORBIDDEN',
  'CASCADE_WRITE_FORBIDDEN',
];
