interface Kept<Value> {
  readonly value: Value;
  readonly bytes: number;
}

/** Values by a key: those used last, within so many bytes. */
export class ByteCache<Key, Value> {
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #kept = new Map<Key, Kept<Value>>();
  #bytes = 0;

  /** @param capacity in bytes, as who keeps something says of it; 0 keeps nothing */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  find(key: Key): Value | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /**
   * Keeps a value in place of the one that the key had, and of those whose last use is longest ago.
   * Returns whether it is kept: not what is larger than everything may be.
   */
  keep(key: Key, value: Value, bytes: number): boolean {
    this.forget(key);
    if (bytes > this.#capacity) return false;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= this.#capacity) break;
      this.forget(oldest);
    }
    return true;
  }

  forget(key: Key): void {
    const found = this.#kept.get(key);
    if (found === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= found.bytes;
  }
}
