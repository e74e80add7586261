import type { IncomingMessage } from 'node:http';

/** The headers of a request, each by its name in small letters. */
export interface RequestHeaders {
  /** What it says; null: it is not there. */
  get(name: string): string | null;
  /** The same for the fetch API, which is slow to make. */
  toFetch(): Headers;
}

/**
 * Reads the headers as the fetch API does.
 *
 * INVARIANT: a repeated header is joined, not dropped as node does with a second Authorization: two
 * credentials name nobody, whichever of them a proxy in front of us has checked.
 */
export function readHeaders({
  rawHeaders: raw,
}: Pick<IncomingMessage, 'rawHeaders'>): RequestHeaders {
  const byName = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    const value = String(raw[index + 1]);
    const before = byName.get(name);
    byName.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    get: (name) => byName.get(name) ?? null,
    toFetch: () => new Headers([...byName]),
  };
}
