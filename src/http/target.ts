/** What a request is for. */
export interface Target {
  /** Without the prefix, and without a slash at its end. */
  readonly path: string;
  /** The query, `?` included. */
  readonly search: string;
}

/** A request to a proxy names the whole address; servers must take it as well (RFC 9112, 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * Reads the target of a request. Nothing is decoded or resolved, and so nothing can fail: a path is one
 * of ours to the letter, or unknown. A proxy may have taken the prefix off already, or not.
 */
export function targetOf(url: string | undefined, prefix: string): Target {
  const local = (url ?? '/').replace(ORIGIN, '');
  const at = local.indexOf('?');
  const path = at < 0 ? local : local.slice(0, at);
  return { path: within(path, prefix), search: at < 0 ? '' : local.slice(at) };
}

function within(path: string, prefix: string): string {
  const isBelow = prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`));
  const rest = isBelow ? path.slice(prefix.length) : path;
  if (rest === '' || rest === '/') return '/';
  return rest.endsWith('/') ? rest.slice(0, -1) : rest;
}
