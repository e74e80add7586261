import type { ListPlan, PageInfoField } from './plan.js';
import { BYTES, N, type Source } from './sources.js';
import type { Part } from './text.js';
import { cursorSql } from './values.js';

/** What is worked out over all rows of a page at once. */
export class Gathering {
  readonly #list: ListPlan;
  readonly #source: Source;
  readonly #onPage: string;
  readonly #gathered: string[] = [];

  /** @param most where the rows are weighed: so many bytes of JSON, and of more nothing is shown */
  constructor(list: ListPlan, source: Source, most: number | undefined) {
    this.#list = list;
    this.#source = source;
    this.#onPage = [
      `${N} <= ${list.size}`,
      ...(source.shown === undefined ? [] : [source.shown]),
      ...(most === undefined ? [] : [`${source.row.alias}.${BYTES} <= ${most}`]),
    ].join(' AND ');
  }

  /** The name of an aggregate. */
  add(sql: string): string {
    const name = `"#${this.#gathered.length}"`;
    this.#gathered.push(`${sql} AS ${name}`);
    return name;
  }

  /** A text of each row on the page, in the order of the answer. */
  all(text: string): string {
    const order = `ORDER BY ${N} ${this.#list.backwards ? 'DESC' : 'ASC'}`;
    return this.add(`string_agg(${text}, ',' ${order}) FILTER (WHERE ${this.#onPage})`);
  }

  pageInfo(field: PageInfoField): Part {
    const { backwards, beyond } = this.#list;
    const came = beyond !== undefined;
    switch (field.is) {
      case 'typename':
        return JSON.stringify(field.name);
      case 'hasNextPage':
        return backwards ? String(came) : this.#more();
      case 'hasPreviousPage':
        return backwards ? this.#more() : String(came);
      case 'startCursor':
        return this.#end(backwards ? 'DESC' : 'ASC');
      case 'endCursor':
        return this.#end(backwards ? 'ASC' : 'DESC');
    }
  }

  /** An expression over what was gathered. */
  from(text: string, alias: string): string {
    if (this.#gathered.length === 0) return text;
    return `(SELECT ${text} FROM (SELECT ${this.#gathered.join(', ')} FROM ${this.#source.rows()}) ${alias})`;
  }

  #more(): Part {
    const isMore = `${this.add('count(*)')} > ${this.#list.size}`;
    return { sql: `CASE WHEN ${isMore} THEN 'true' ELSE 'false' END` };
  }

  #end(direction: 'ASC' | 'DESC'): Part {
    const text = cursorSql(this.#source.row, this.#list.keys);
    const ends = `array_agg(${text} ORDER BY ${N} ${direction}) FILTER (WHERE ${this.#onPage})`;
    return { sql: `coalesce(${this.add(`(${ends})[1]`)}, 'null')` };
  }
}
