import { reached } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import { isCurrent } from '../data/write/authority.js';
import { ByteCache } from '../limits/byte-cache.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { loadProved, type Proved, type UserReference } from './load-principal.js';

const BYTES_PER_CHARACTER = 2;

/**
 * Principals that were read before, within so many bytes. Nothing that is kept here is believed: it is proved unchanged by
 * a statement, either one that only asks that or one that reads rows in the same snapshot (D18).
 */
export class KnownPrincipals {
  readonly #client: PrismaClient;
  readonly #limits: Limits;
  readonly #kept: ByteCache<string, Proved>;

  /** @param client the client without enforcement: nobody is known yet */
  constructor(client: PrismaClient, limits: Limits) {
    this.#client = client;
    this.#limits = limits;
    this.#kept = new ByteCache(limits.principalCacheBytes);
  }

  /** What all of them take. */
  get bytes(): number {
    return this.#kept.bytes;
  }

  /** As they were when they were read. INVARIANT: to be proved by whoever acts on it. */
  recall(reference: UserReference): Proved | undefined {
    return this.#kept.find(nameOf(reference));
  }

  /** As they are now, read anew where they are not what they were. Null where they may not act (D18). */
  async find(reference: UserReference): Promise<Principal | null> {
    const known = this.recall(reference);
    if (known !== undefined && (await this.#isCurrent(known))) return known.principal;
    return (await this.load(reference))?.principal ?? null;
  }

  /** Reads them anew. Null where they may not act. */
  async load(reference: UserReference): Promise<Proved | null> {
    const name = nameOf(reference);
    const found = await loadProved(this.#client, reference, this.#limits);
    if (found === null || !mayBeKept(found.principal)) this.#kept.forget(name);
    else this.#kept.keep(name, found, bytesOf(found));
    return found;
  }

  #isCurrent({ principal, vector }: Proved): Promise<boolean> {
    return reached(isCurrent(this.#client, vector, principal.validUntil));
  }
}

/** What a condition calls the present is the moment at which its principal was read (D11): that is of one request. */
const mayBeKept = ({ conditional }: Principal): boolean => conditional.length === 0;

const bytesOf = (proved: Proved): number => BYTES_PER_CHARACTER * JSON.stringify(proved).length;

/** INVARIANT: two that are not the same have two names, whatever an issuer calls them. */
const nameOf = (reference: UserReference): string =>
  'userId' in reference
    ? JSON.stringify([reference.userId])
    : JSON.stringify([reference.issuer, reference.subject]);
