import { badUserInput } from '../errors.js';
import type { Context } from '../request/context.js';

const counts = new WeakMap<object, number>();

/** Counts what a request asks to be decided, under however many names. Throws BAD_USER_INPUT beyond the limit. */
export function chargeChecks({ loaders, limits: { checks } }: Context, more: number): void {
  const count = (counts.get(loaders) ?? 0) + more;
  if (count > checks) throw badUserInput(`a request asks for at most ${checks} checks`);
  counts.set(loaders, count);
}
