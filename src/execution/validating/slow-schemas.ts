import { createHash } from 'node:crypto';

/** So many are remembered, and so long: who mends a schema has another one, and who does not asks no more than this. */
const MOST_KEPT = 1_000;
const KEPT_MS = 60_000;

/** The schemas that took too long, by their hash: to try one again takes as long, and others wait meanwhile. */
export class SlowSchemas {
  readonly #until = new Map<string, number>();

  /** Takes the place of the oldest where there are too many. */
  add(schema: string): void {
    const name = nameOf(schema);
    this.#until.delete(name);
    const [oldest] = this.#until.keys();
    if (oldest !== undefined && this.#until.size >= MOST_KEPT) this.#until.delete(oldest);
    this.#until.set(name, performance.now() + KEPT_MS);
  }

  has(schema: string): boolean {
    if (this.#until.size === 0) return false;
    const name = nameOf(schema);
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (performance.now() < until) return true;
    this.#until.delete(name);
    return false;
  }
}

const nameOf = (schema: string): string => createHash('sha256').update(schema).digest('base64');
