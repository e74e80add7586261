import type { DocumentNode, Token } from 'graphql';
import { ByteCache } from '../limits/byte-cache.js';

/** Parsed and validated documents by their text: those used last, within so many bytes. */
export class DocumentCache {
  readonly #kept: ByteCache<string, DocumentNode>;
  readonly #valid = new WeakSet<DocumentNode>();

  /** @param capacity in bytes, as {@link bytesOf} estimates them; 0 keeps nothing */
  constructor(capacity: number) {
    this.#kept = new ByteCache(capacity);
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  find(source: string): DocumentNode | undefined {
    return this.#kept.find(source);
  }

  /** Whether it came from here: only what is valid is kept. */
  isKnown(document: DocumentNode): boolean {
    return this.#valid.has(document);
  }

  /** Keeps a valid document, in place of those whose last use is longest ago. */
  keep(source: string, document: DocumentNode): void {
    if (this.#kept.find(source) !== undefined) return;
    if (this.#kept.keep(source, document, bytesOf(source, document))) this.#valid.add(document);
  }
}

const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 2;
const BYTES_PER_DOCUMENT = 1_000;

/**
 * What a document takes in memory, or rather more: its text, its tokens, which the parser links to each
 * other, and the nodes, of which there are fewer than tokens.
 */
export function bytesOf(source: string, document: DocumentNode): number {
  let tokens = 0;
  let token: Token | null | undefined = document.loc?.startToken;
  for (; token; token = token.next) tokens += 1;
  return BYTES_PER_DOCUMENT + BYTES_PER_TOKEN * tokens + BYTES_PER_CHARACTER * source.length;
}
