import { createHash } from 'node:crypto';
import type { RequestFacts } from '../request/reading.js';

const HEADER = 'idempotency-key';

/** What a request asks, as it was sent. */
interface Asked {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: unknown;
}

/** Whether a mutation that is sent again is not done again. */
export const isRepeatable = (headers: Headers): boolean => headers.has(HEADER);

/**
 * By what a request that is sent again is known for the same one (issue 11); null without the header. The hash is of
 * the document to the letter, the operation's name, the variables whatever the order of their keys, and the
 * headers of scope and app: all that says what is done and where.
 */
export function repeatOf(
  headers: Headers,
  { query, operationName, variables }: Asked,
  { scopeHeader, appHeader = null }: RequestFacts,
): NonNullable<RequestFacts['repeat']> | null {
  const key = headers.get(HEADER);
  if (key === null) return null;
  const hash = createHash('sha256');
  const said = [query ?? null, operationName ?? null, variables ?? {}, scopeHeader];
  // As those were known that are kept from before there were apps.
  const asked = appHeader === null ? said : [...said, appHeader];
  for (const part of canonical(asked)) hash.update(part);
  return { key, payloadHash: hash.digest('base64') };
}

/** JSON with the keys of objects in one order. Not by recursion: nobody has looked yet how deep it is. */
function* canonical(value: unknown): Generator<string> {
  const left: ({ readonly text: string } | { readonly value: unknown })[] = [{ value }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if ('text' in next) yield next.text;
    else if (typeof next.value !== 'object' || next.value === null) {
      yield JSON.stringify(next.value) ?? 'null';
    } else if (Array.isArray(next.value)) {
      left.push({ text: ']' });
      for (const item of next.value.toReversed()) left.push({ text: ',' }, { value: item });
      yield '[';
    } else {
      left.push({ text: '}' });
      const entries = Object.entries(next.value).sort(([a], [b]) => (a < b ? 1 : -1));
      for (const [name, item] of entries) {
        left.push({ text: ',' }, { value: item }, { text: `${JSON.stringify(name)}:` });
      }
      yield '{';
    }
  }
}
