import type { AuditEntry } from '../audit/entry.js';
import { permits, permitted } from '../data/prisma/permitted.js';
import type { Row } from '../data/prisma/reader.js';
import { createWriter, type Values, type Writer } from '../data/prisma/writer.js';
import { Decisions } from '../policy/decisions.js';
import { managingOf } from '../policy/define-policy.js';
import { evaluate } from '../policy/evaluate.js';
import { MANAGE } from '../policy/resolve.js';
import type { Place } from '../policy/situation.js';
import { remember } from '../request/remember.js';
import type { Within } from '../request/transact.js';
import type { Aim } from './aim.js';
import type { Findings } from './findings.js';

/** What a command has: what reads and decides as of its transaction, and what writes in it. */
export interface Session extends Within {
  readonly writer: Writer;
  /** What it has done so far, to be recorded at its end (D19). */
  readonly entries: AuditEntry[];
  /** What is known of a scope: the same throughout, and so asked once. */
  readonly findSpot: (scopeId: string) => Promise<FoundSpot | null>;
  /**
   * The id of an organization to be made, the same in each try of the command: what lives in it is written under a
   * lock that goes by the id (D18).
   */
  readonly organizationId: () => string;
  /** What takes long to find out, and is found out while it holds no lock. */
  readonly findings: Findings;
  /** Notes what the command is about, for the record of its refusal. */
  aim(at: Aim): void;
  /** Which of these rows permit an action, by what they are now. */
  permitting(model: string, action: string, rows: readonly Row[]): Promise<ReadonlySet<string>>;
  /** The same, acting somewhere else than the request does (D4). */
  at(place: Place): Session;
}

/** What is known of a place where rows are made. */
export interface FoundSpot {
  readonly typeId: string;
  readonly organizationId: string | null;
  readonly inheritsFrom: readonly string[];
  readonly path: readonly string[];
  /** The scope, as rows there have it: by what conditions ask of it (D11). */
  readonly scope: Values;
}

const SCOPE = { id: true, name: true, externalId: true, meta: true } as const;
const SPOT = {
  ...{ typeId: true, organizationId: true, inheritsFrom: true, path: true },
  ...SCOPE,
  type: { select: { name: true } },
} as const;

async function readSpot(tx: Within['tx'], id: string): Promise<FoundSpot | null> {
  const found = await tx.scope.findUnique({ where: { id }, select: SPOT });
  if (found === null) return null;
  const { typeId, organizationId, inheritsFrom, path, ...scope } = found;
  return { typeId, organizationId, inheritsFrom, path, scope };
}

export function createSession(
  within: Within,
  {
    aim,
    organizationId,
    findings,
    entries = [],
  }: Pick<Session, 'aim' | 'findings' | 'organizationId'> & { readonly entries?: AuditEntry[] },
): Session {
  const { tx, guarding } = within;
  const { dataModel, decisions } = guarding;
  const findSpot = remember(
    (scopeId: string) => readSpot(tx, scopeId),
    (scopeId) => scopeId,
  );
  return {
    ...within,
    aim,
    organizationId,
    findings,
    entries,
    findSpot,
    at(place) {
      const there = new Decisions(decisions.policies, within.principal, place);
      const acting = { ...within, place, guarding: { dataModel, decisions: there } };
      return { ...createSession(acting, { aim, organizationId, findings, entries }), findSpot };
    },
    writer: createWriter(tx, dataModel, (model) => decisions.sealed(model)),
    async permitting(model, action, rows) {
      const answers = rows.map((row) => ({ row, is: permits(guarding, model, action, row) }));
      const unknown = answers.filter(({ is }) => is === 'unknown').map(({ row }) => row.id);
      const asked =
        unknown.length === 0
          ? new Set<string>()
          : await permitted(tx, guarding, model, action, unknown);
      return new Set(
        answers
          .filter(({ is, row }) => is === 'yes' || (is === 'unknown' && asked.has(row.id)))
          .map(({ row }) => row.id),
      );
    },
  };
}

/** Whether the row permits the action. */
export async function isPermitted(
  session: Session,
  model: string,
  action: string,
  row: Row,
): Promise<boolean> {
  return (await session.permitting(model, action, [row])).has(row.id);
}

/**
 * Whether an action is held on the row by what can be given (D21). INVARIANT: to read by use (D6) is not to hold `read`, which
 * opens what managers see.
 */
export const isHeldOn = (
  session: Session,
  model: string,
  action: string,
  row: Row,
): Promise<boolean> => {
  const isManaged = managingOf(session.guarding.decisions.policy(model)) !== undefined;
  return isPermitted(session, model, action === 'read' && isManaged ? MANAGE : action, row);
};

/**
 * Whether the row as it would be is not permitted, as far as that can be told of one that is not written. Asked before
 * writing, so that who could not have a name is not told that it is taken (D14).
 */
export function isRuledOut(
  { guarding: { decisions } }: Session,
  model: string,
  action: string,
  row: Values,
): boolean {
  return evaluate(decisions.residual(model, action), row) === 'no';
}
