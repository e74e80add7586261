import { z } from 'zod';
import type { Position } from '../data/changes.js';
import { badUserInput } from '../errors.js';

/** Where somebody was, and what they could see there, as a hash. */
export interface Cursor extends Position {
  readonly sight: string;
}

// A snapshot names the transactions under way: as many as there are connections.
const snapshot = z
  .string()
  .max(8_000)
  .regex(/^\d{1,19}:\d{1,19}:(\d{1,19}(,\d{1,19})*)?$/);
const written = z.tuple([
  snapshot,
  snapshot.nullable(),
  z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  z.string().max(64),
]);

/** A cursor as clients have it: opaque, and no secret; it opens nothing, for whatever comes after it is decided. */
export function writeCursor({ from, to, seq, sight }: Cursor): string {
  return Buffer.from(JSON.stringify([from, to ?? null, seq ?? null, sight])).toString('base64url');
}

const LONGEST = 40_000;

/** @throws DomainError BAD_USER_INPUT: it is none of ours */
export function readCursor(text: string): Cursor {
  const parsed = text.length > LONGEST ? undefined : written.safeParse(jsonIn(text));
  if (parsed?.success !== true) throw badUserInput('this is not a cursor of a subscription');
  const [from, to, seq, sight] = parsed.data;
  return { from, to: to ?? undefined, seq: seq ?? undefined, sight };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
