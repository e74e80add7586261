/** A query that is refused because nobody knows what it would reveal. A mistake in the code, not in a request. */
export class EnforcementError extends Error {
  override readonly name = 'EnforcementError';
}
