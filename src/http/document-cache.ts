import type { DocumentNode, Token } from 'graphql';

interface Kept {
  readonly document: DocumentNode;
  readonly bytes: number;
}

/** Parsed and validated documents by their text: those used last, within so many bytes. */
export class DocumentCache {
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept>();
  readonly #valid = new WeakSet<DocumentNode>();
  #bytes = 0;

  /** @param capacity in bytes, as {@link bytesOf} estimates them; 0 keeps nothing */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  find(source: string): DocumentNode | undefined {
    const found = this.#kept.get(source);
    if (found === undefined) return undefined;
    this.#kept.delete(source);
    this.#kept.set(source, found);
    return found.document;
  }

  /** Whether it came from here: only what is valid is kept. */
  isKnown(document: DocumentNode): boolean {
    return this.#valid.has(document);
  }

  /** Keeps a valid document, in place of those whose last use is longest ago. */
  keep(source: string, document: DocumentNode): void {
    const bytes = bytesOf(source, document);
    if (bytes > this.#capacity || this.#kept.has(source)) return;
    this.#kept.set(source, { document, bytes });
    this.#valid.add(document);
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#capacity) break;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
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
