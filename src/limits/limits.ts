import { ANSWER_LIMITS } from './answer-limits.js';
import { GATEWAY_LIMITS } from './gateway-limits.js';
import type { Limit } from './limit.js';
import { NETWORK_LIMITS } from './network-limits.js';
import { REQUEST_LIMITS } from './request-limits.js';
import { SUBSCRIPTION_LIMITS } from './subscription-limits.js';

/** Every limit of the gateway, each declared once: what it may be, and by what it is set. */
export const LIMITS = {
  ...REQUEST_LIMITS,
  ...ANSWER_LIMITS,
  ...GATEWAY_LIMITS,
  ...NETWORK_LIMITS,
  ...SUBSCRIPTION_LIMITS,
} as const;

type LimitName = keyof typeof LIMITS;
type AnyLimit = (typeof LIMITS)[LimitName];

/** The variables of the environment that set them. */
export type LimitVariable = AnyLimit['variable'];

/** The limits that hold, by name; handed on from where the gateway is put together. */
export type Limits = Readonly<Record<LimitName, number>>;

/** What has limits: the context of a request. */
export interface Limited {
  readonly limits: Limits;
}

/** Makes something of every limit. */
export function mapLimits<T>(make: (limit: AnyLimit) => T): Record<LimitName, T> {
  const made = Object.entries(LIMITS).map(([name, limit]) => [name, make(limit)] as const);
  return Object.fromEntries(made) as Record<LimitName, T>;
}

/** The limits that hold unless told otherwise. */
export const DEFAULT_LIMITS: Limits = Object.freeze(mapLimits((limit) => limit.default));

/** Of each pair the first must not be more than the second. */
const ORDERED: readonly (readonly [less: Limit, more: Limit])[] = [
  [LIMITS.pageSize, LIMITS.maxPageSize],
  // Node makes no server otherwise.
  [LIMITS.headersMs, LIMITS.requestMs],
];

/** What is wrong with values that are each within their range but do not go together. */
export function misorderedLimits(given: (limit: Limit) => number): string[] {
  return ORDERED.filter(([less, more]) => given(less) > given(more)).map(
    ([less, more]) => `${less.variable} must not be more than ${more.variable}`,
  );
}
