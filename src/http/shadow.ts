import { TOO_LARGE_FILTER } from '../data/prisma/too-large.js';
import type { Answered } from './graphql-request.js';

/** The same question, asked of either path. */
export interface BothPaths {
  readonly compiled: () => Promise<Answered | undefined>;
  readonly reference: () => Promise<Answered>;
}

/** That the two paths answered differently: INVARIANT: with nothing of what they answered. */
class DifferentAnswersError extends Error {
  override readonly name = 'DifferentAnswersError';

  constructor(one: Answered, other: Answered) {
    const { length } = commonStart(one.text, other.text);
    super(
      `the compiled path answered ${one.text.length} characters and the reference path ${other.text.length}, alike up to ${length}`,
    );
  }
}

/**
 * Asks the reference path what the compiled one has answered. Throws {@link DifferentAnswersError} where the answers are not
 * the same to the byte, and are not when both are asked again: between two questions somebody may have written.
 */
export async function compareWithReference(
  answered: Answered,
  { compiled, reference }: BothPaths,
): Promise<void> {
  const first = await reference();
  // Lists are bound as one value each here: what only Prisma could not send is answered.
  if (isSame(answered, first) || first.text.includes(TOO_LARGE_FILTER)) return;
  const again = await compiled();
  if (again === undefined || isSame(again, first)) return;
  const second = await reference();
  if (!isSame(again, second)) throw new DifferentAnswersError(again, second);
}

const isSame = (one: Answered, other: Answered): boolean =>
  one.text === other.text && one.contentType === other.contentType;

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}
