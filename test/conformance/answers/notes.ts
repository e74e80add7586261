import type { Asked, Seat } from '../questions/session.js';

/** The label of a key, which is made anew for each sitting, and so is its id. */
const MADE_KEY = /\b(virtualKey|apiKey):[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** What somebody was answered, line by line; every line begins with its own place in the recording. */
export class Notes {
  readonly lines: string[] = [];
  readonly #at: string;
  readonly #by: object;
  #about = '';
  #count = 0;

  constructor(at: string, { header, ...who }: Seat) {
    this.#at = at;
    // As it comes with a request: no header, the word for the global tier, or an id.
    this.#by = { ...who, header: header === null ? 'global' : (header ?? null) };
  }

  /** What the next lines are about: they are counted anew. */
  turnTo(about: string): void {
    this.#about = about;
    this.#count = 0;
  }

  write(what: object): void {
    this.#count += 1;
    const at = `${this.#at} ${this.#about} ${this.#count}`;
    this.lines.push(JSON.stringify({ at, by: this.#by, ...what }).replaceAll(MADE_KEY, '$1:made'));
  }

  /** An error of the work is one more thing that was answered. Undefined: there was one. */
  async during<T>(about: string, work: () => Promise<T>): Promise<T | undefined> {
    this.turnTo(about);
    try {
      return await work();
    } catch (error) {
      this.write({ thrown: String(error) });
      return undefined;
    }
  }
}

/** The place that a line begins with. */
export function placeOf(line: string): string {
  return /^\{"at":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? '';
}

/**
 * The answer without what the order of work alone decides: errors stand in the order of their paths,
 * and where they left nothing of the data, only their codes stand for those that came in time.
 */
export function settled(asked: Asked): object {
  if (!('source' in asked)) return asked;
  const { source, variables, data, errors } = asked;
  const question = { source, variables };
  if (data === null && errors.length > 1) {
    const codes = [...new Set(errors.map(({ code }) => code))].sort();
    return { ...question, data, codes };
  }
  const keyed = errors.map((error) => ({ key: JSON.stringify([error.path, error]), error }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return { ...question, data, errors: keyed.map(({ error }) => error) };
}
