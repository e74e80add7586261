/** What a place of a statement is given when it is sent: always the same, or what an argument of the request says. */
export type Bound =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'input'; readonly name: string };

/** A statement as it is written: its text names places, and here is what goes into them. */
export class Draft {
  readonly bound: Bound[] = [];
  /** Tables of the statement's own, each by its name: what it begins with. */
  readonly commons: { readonly name: string; readonly sql: string }[] = [];
  /** What has to be so, or there is no answer. */
  readonly asserted: string[] = [];
  #aliases = 0;

  /** Another name for a table. */
  alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  /** The name of a table of the statement's own, which is made once. */
  common(sql: string): string {
    const name = `c${this.commons.length + 1}`;
    this.commons.push({ name, sql });
    return name;
  }

  /** There is no answer unless this is so. */
  assert(condition: string): void {
    this.asserted.push(condition);
  }

  /** The place of a value, as the text has it. */
  value(value: unknown, type: string): string {
    return this.#place({ kind: 'value', value }, type);
  }

  /** The place of what the request says under a name. */
  input(name: string, type: string): string {
    return this.#place({ kind: 'input', name }, type);
  }

  #place(bound: Bound, type: string): string {
    this.bound.push(bound);
    return `$${this.bound.length}::${type}`;
  }
}

/** What the statement begins with. Each is made once, whatever it is asked for. */
export function commonsSql({ commons }: Pick<Draft, 'commons'>): string {
  if (commons.length === 0) return '';
  const tables = commons.map(({ name, sql }) => `${name} AS MATERIALIZED (${sql})`);
  return `WITH ${tables.join(', ')} `;
}

/** A word of ours as SQL has it. INVARIANT: never for what comes from a caller or a row. */
export function literal(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
