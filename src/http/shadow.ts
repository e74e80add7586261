import { TOO_LARGE_FILTER } from '../data/prisma/too-large.js';
import type { Answered } from './graphql-request.js';

/** The same question, asked of either path. */
export interface BothPaths {
  readonly compiled: () => Promise<Answered | undefined>;
  readonly reference: () => Promise<Answered>;
}

/** That the two paths answered differently: INVARIANT: with nothing of what they answered. */
export class DifferentAnswersError extends Error {
  override readonly name = 'DifferentAnswersError';

  constructor(one: Answered, other: Answered) {
    const { length } = commonStart(one.text, other.text);
    super(
      `the compiled path answered ${one.text.length} characters and the reference path ${other.text.length}, alike up to ${length}`,
    );
  }
}

/** That the answers could not be compared, for the reference path has none. */
class NotComparedError extends Error {
  override readonly name = 'NotComparedError';
}

/** What the reference path says where the database is away or slow, which says nothing of the compiled answer. */
const AWAY: ReadonlySet<unknown> = new Set(['UNAVAILABLE', 'TOO_SLOW']);

/**
 * Asks the reference path what the compiled one has answered. Throws {@link DifferentAnswersError} where the answers are not
 * the same to the byte, and are not when both are asked again: between two questions somebody may have written.
 */
export async function compareWithReference(
  answered: Answered,
  { compiled, reference }: BothPaths,
): Promise<void> {
  const first = await reference();
  if (isSame(answered, first)) return;
  const errors = errorsOf(first);
  // Lists are bound as one value each here: what only Prisma could not send is answered.
  if (errors.some(({ message }) => message === TOO_LARGE_FILTER)) return;
  if (errors.some(({ extensions }) => AWAY.has(extensions?.code))) {
    throw new NotComparedError('the database did not answer the reference path');
  }
  const again = await compiled();
  if (again !== undefined && isSame(again, first)) return;
  const second = await reference();
  if (again === undefined) {
    // INVARIANT: that there is no second answer excuses nothing. Where nobody has written, the first one was wrong.
    if (isSame(first, second)) throw new DifferentAnswersError(answered, first);
  } else if (!isSame(again, second)) {
    throw new DifferentAnswersError(again, second);
  }
}

const isSame = (one: Answered, other: Answered): boolean =>
  one.text === other.text && one.contentType === other.contentType;

interface ToldError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown };
}

/** INVARIANT: what is told as an error, and no text of a row that says the same. */
function errorsOf({ text }: Answered): readonly ToldError[] {
  try {
    const { errors = [] } = JSON.parse(text) as { readonly errors?: readonly ToldError[] };
    return errors;
  } catch {
    return [];
  }
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
