import { type DomainError, isDomainError, unavailable } from '../errors.js';
import type { Context } from '../request/context.js';
import type { Within } from '../request/transact.js';
import type { Aim } from './aim.js';
import { Findings } from './findings.js';
import { type Mutating, onceOf } from './once.js';
import { recordAll, recordRefusal } from './record.js';
import { refusalOf } from './refusals.js';
import { createSession, type Session } from './session.js';
import { uuid7 } from './uuid7.js';
import type { Writable } from './writable.js';

/** A command: what is done in one transaction, whole or not at all. */
export interface Command extends Mutating {
  readonly writable: Writable;
  /** What the record calls it: `update`. */
  readonly action: string;
  /** The row that the caller has named, if it names one. */
  readonly id: string | null;
  /** It changes what somebody holds (D18). */
  readonly changesAuthority: boolean;
  /** What it changed, which is told by id alone. */
  readonly run: (session: Session) => Promise<readonly { readonly id: string }[]>;
}

/**
 * Runs a command in a transaction of its own, by what its principal may at that moment, unless it is one that was
 * done already and is asked for again. What takes long to find out is found out between two tries of it. What is denied is
 * recorded in another transaction (D19).
 *
 * @returns the ids of what it changed, now or the first time
 * @throws DomainError what the command refused, or what the database did
 */
export async function runCommand(context: Context, command: Command): Promise<readonly string[]> {
  const { writable, action, id, changesAuthority, run } = command;
  const once = onceOf(context, command);
  const findings = new Findings();
  let isRecorded = false;
  const perform = async (session: Session): Promise<readonly string[]> => {
    const rows = await run(session);
    findings.assertComplete();
    await recordAll(session);
    isRecorded = session.entries.length > 0;
    return rows.map((row) => row.id);
  };
  let aim: Aim = { id, at: null };
  const organizationIds: string[] = [];
  const begin = (within: Within): Session => {
    // Of a try that is done anew nothing counts.
    aim = { id, at: null };
    let made = 0;
    return createSession(within, {
      aim: (at) => {
        aim = at;
      },
      organizationId: () => {
        const next = organizationIds[made] ?? uuid7();
        organizationIds[made] = next;
        made += 1;
        return next;
      },
      findings,
    });
  };
  try {
    const transacted = () =>
      context.transact((within) => perform(begin(within)), {
        command: `${writable.resource}:${action}`,
        changesAuthority,
        once,
      });
    const { away, limits } = context;
    const ids = await findings.complete(transacted, { away, ms: limits.writeMs });
    if (isRecorded) context.acting.forget();
    return ids;
  } catch (error) {
    const refusal = refusalOf(error);
    await recordRefusal(context, writable, action, aim, refusal);
    throw once === undefined ? refusal : repeatable(refusal);
  }
}

/** D47: whoever does not know what came of it asks again, and is answered that. */
function repeatable(error: unknown): unknown {
  return isDomainError(error) && error.outcomeUnknown ? unavailable(error.cause) : error;
}

/** Runs the items of a batch, in their order; an error says which of them it is about. */
export async function eachItem<I, T>(
  name: string,
  items: readonly I[],
  run: (item: I) => Promise<T>,
): Promise<T[]> {
  const done: T[] = [];
  for (const [index, item] of items.entries()) {
    try {
      done.push(await run(item));
    } catch (error) {
      const known: DomainError | unknown = refusalOf(error);
      throw isDomainError(known) ? known.within(name, index) : known;
    }
  }
  return done;
}
