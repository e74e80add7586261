/**
 * What every answer says to a browser. INVARIANT: whatever of a caller's own words an answer has, a browser neither takes it for a page
 * nor runs, frames or embeds it. Pages of ours put their own policy in place of this one. TLS, and what is said of it, is
 * for who stands in front.
 */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
];
