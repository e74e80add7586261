import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Sql } from '../data/clients.js';
import { ByteCache } from '../limits/byte-cache.js';
import type { Limits } from '../limits/limits.js';

/** Where documents are kept for all gateways. */
export type DocumentStore =
  | { readonly kind: 'redis'; readonly client: Redis }
  | { readonly kind: 'database'; readonly sql: Sql };

/** What is known of documents by their hashes. */
export interface NamedDocumentsOptions {
  /** By the SHA-256 of each, in hexadecimal: those that the operator answers for. */
  readonly trusted?: ReadonlyMap<string, string> | undefined;
  /** Nothing but those is answered. */
  readonly trustedOnly?: boolean | undefined;
  /** Where callers' own are kept; without it they are not. */
  readonly store?: DocumentStore | undefined;
  readonly limits: Pick<
    Limits,
    'persistedQueries' | 'persistedQueryDays' | 'persistedQueryCacheBytes'
  >;
  /** Is told why the store did not answer. */
  readonly report?: (reason: string) => void;
}

const DAY_SECONDS = 86_400;
const HASH = /^[0-9a-f]{64}$/;

/** By what a document is known. */
export const hashOf = (document: string): string =>
  createHash('sha256').update(document).digest('hex');

/** Whether this can be the hash of a document. */
export const isHash = (value: unknown): value is string =>
  typeof value === 'string' && HASH.test(value);

/** Documents by their hashes: those that are trusted, and those that callers have sent before. */
export class NamedDocuments {
  readonly #options: NamedDocumentsOptions;
  readonly #trusted: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;
  readonly #near: ByteCache<string, string>;

  constructor(options: NamedDocumentsOptions) {
    this.#options = options;
    this.#trusted = options.trusted ?? new Map();
    this.#texts = new Set(this.#trusted.values());
    this.#near = new ByteCache(options.limits.persistedQueryCacheBytes);
  }

  /** Whether a caller may name a document by its hash at all. */
  get areTaken(): boolean {
    return this.isKeeping || this.#trusted.size > 0;
  }

  /** Whether those of callers are kept. */
  get isKeeping(): boolean {
    return this.#options.store !== undefined && !this.trustedOnly;
  }

  get trustedOnly(): boolean {
    return this.#options.trustedOnly === true;
  }

  /** What those of callers that this process has seen take in memory. */
  get bytes(): number {
    return this.#near.bytes;
  }

  /** INVARIANT: asked of every document on either path. */
  isAnswered(document: string): boolean {
    return !this.trustedOnly || this.#texts.has(document);
  }

  /** The document of this hash, if this process has it. */
  findNear(hash: string): string | undefined {
    return this.#trusted.get(hash) ?? (this.isKeeping ? this.#near.find(hash) : undefined);
  }

  /** The same, or if another process has kept it. A store that is away has nothing. */
  async find(hash: string): Promise<string | undefined> {
    const near = this.findNear(hash);
    if (near !== undefined || !this.isKeeping) return near;
    const found = await this.#ask(hash).catch(this.#away);
    // INVARIANT: whoever can write into the store gives nobody another document than the one that was named.
    if (found === undefined || hashOf(found) !== hash) return undefined;
    this.#remember(hash, found);
    return found;
  }

  /** Keeps a document that is valid, of a caller who is known, for all processes. */
  async keep(hash: string, document: string): Promise<void> {
    if (!this.isKeeping || this.findNear(hash) !== undefined) return;
    this.#remember(hash, document);
    await this.#store(hash, document).catch(this.#away);
  }

  #remember(hash: string, document: string): void {
    this.#near.keep(hash, document, 2 * (hash.length + document.length));
  }

  readonly #away = (error: unknown): undefined => {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.report?.(reason);
    return undefined;
  };

  async #ask(hash: string): Promise<string | undefined> {
    const { store } = this.#options;
    if (store?.kind === 'redis') return (await store.client.get(keyOf(hash))) ?? undefined;
    const found = await store?.sql.query<{ document: string }>(
      'SELECT document FROM persisted_query WHERE hash = $1',
      [hash],
    );
    return found?.[0]?.document;
  }

  async #store(hash: string, document: string): Promise<void> {
    const { store, limits } = this.#options;
    const seconds = limits.persistedQueryDays * DAY_SECONDS;
    if (store?.kind === 'redis') {
      await store.client.set(keyOf(hash), document, 'EX', seconds, 'NX');
      return;
    }
    await store?.sql.query(KEEP, [hash, document, limits.persistedQueries, seconds]);
  }
}

const keyOf = (hash: string): string => `heimdall:query:${hash}`;

/** Those that were kept too long ago make room; of more than there may be none is kept. */
const KEEP = `
  WITH gone AS (
    DELETE FROM persisted_query WHERE kept_at < now() - make_interval(secs => $4::float8) RETURNING 1
  )
  INSERT INTO persisted_query (hash, document)
  SELECT $1, $2 WHERE (SELECT count(*) FROM persisted_query) - (SELECT count(*) FROM gone) < $3::bigint
  ON CONFLICT DO NOTHING`;
