import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ByteCache } from '../../limits/byte-cache.js';
import type { Limits } from '../../limits/limits.js';
import { arrayText } from './array-text.js';

/** What is said over a connection, as pg does it; its published types lack half of it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string }): void;
  bind(bound: { statement: string; values: readonly (string | null)[] }): void;
  execute(portal: object): void;
  close(what: { type: 'S'; name: string }): void;
  sync(): void;
}

type PreparedLimits = Pick<Limits, 'preparedStatements' | 'preparedLength' | 'preparedCharacters'>;

/** A text of a statement, and what it is prepared as: by no name where it is too long to be kept. */
export interface Named {
  readonly name: string;
  readonly text: string;
}

const NAMES_A_CONNECTION = 4;

/** Names statements by a hash of their text, those used last; one that is too long has none. */
export function namesOf(limits: PreparedLimits): (text: string) => string {
  // More than a connection keeps: each has its own that were used last.
  const names = new ByteCache<string, string>(NAMES_A_CONNECTION * limits.preparedCharacters);
  const { preparedStatements, preparedLength, preparedCharacters } = limits;
  // INVARIANT: what has a name finds room on a connection, and is not let go of before it is prepared.
  const most = preparedStatements === 0 ? 0 : Math.min(preparedLength, preparedCharacters);
  return (text) => {
    if (text.length > most) return '';
    const known = names.find(text);
    if (known !== undefined) return known;
    const name = `c_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    names.keep(text, name, text.length);
    return name;
  };
}

/** What one connection has prepared: those used last, by their number and by their characters. */
class Prepared {
  readonly #limits: PreparedLimits;
  readonly #kept = new Map<string, number>();
  #characters = 0;

  constructor(limits: PreparedLimits) {
    this.#limits = limits;
  }

  /** Whether it is prepared; if so, it is the one that was used last. */
  has(name: string): boolean {
    const characters = this.#kept.get(name);
    if (characters === undefined) return false;
    this.#kept.delete(name);
    this.#kept.set(name, characters);
    return true;
  }

  /** Keeps one more, and returns those that there is no room for any more. */
  add(name: string, characters: number): string[] {
    const gone: string[] = [];
    this.#kept.set(name, characters);
    this.#characters += characters;
    for (const [oldest, its] of this.#kept) {
      const { preparedStatements, preparedCharacters } = this.#limits;
      if (this.#kept.size <= preparedStatements && this.#characters <= preparedCharacters) break;
      this.#kept.delete(oldest);
      this.#characters -= its;
      gone.push(oldest);
    }
    return gone;
  }
}

/** INVARIANT: a connection that a statement failed on is broken off by the pool, so that this is what it has. */
const preparedBy = new WeakMap<Wire, Prepared>();

type Row = { readonly answer: string | null };
type Callback = (error: Error | null, rows?: readonly Row[]) => void;

/**
 * A prepared statement whose rows are one text each. What is known already is neither asked for nor read: pg has each
 * answer described, makes a parser of it and an object of each row.
 */
export class PreparedRead implements pg.Submittable {
  /** Set by pg, which calls it with what came. */
  callback: Callback | undefined;
  readonly #statement: Named;
  readonly #values: readonly (string | null)[];
  readonly #limits: PreparedLimits;
  readonly #rows: Row[] = [];

  /** @throws TypeError for a value of a kind that is not known */
  constructor(statement: Named, values: readonly unknown[], limits: PreparedLimits) {
    this.#statement = statement;
    // Before a connection is taken: pg does not get over it that a statement cannot be sent.
    this.#values = values.map(textOf);
    this.#limits = limits;
  }

  submit(connection: pg.Connection): null {
    const wire = connection as unknown as Wire;
    // One write for all of it.
    wire.stream.cork();
    try {
      this.#prepare(wire);
      wire.bind({ statement: this.#statement.name, values: this.#values });
      wire.execute({});
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  #prepare(wire: Wire): void {
    const { name, text } = this.#statement;
    const prepared = preparedBy.get(wire) ?? new Prepared(this.#limits);
    preparedBy.set(wire, prepared);
    if (name !== '') {
      if (prepared.has(name)) return;
      for (const gone of prepared.add(name, text.length)) wire.close({ type: 'S', name: gone });
    }
    wire.parse({ name, text });
  }

  handleDataRow({
    fields: [answer = null],
  }: {
    readonly fields: readonly (string | null)[];
  }): void {
    this.#rows.push({ answer });
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.callback?.(null, this.#rows);
  }
}

/** As the wire has a value. INVARIANT: what is not known is refused, and not sent as what its text may mean. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return arrayText(value);
  throw new TypeError('a compiled statement takes no such value');
}
