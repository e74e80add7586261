import type { Sql } from '../../src/data/clients.js';
import type { Outcome } from './ask.js';
import { isUndone } from './register.js';
import type { Planted } from './world.js';

type Fate = 'acknowledged' | 'undone' | 'unknown';

/** What was told of every form that somebody asked to be made, and of every value. */
export class Ledger {
  readonly #fates = new Map<string, Fate>();

  /** One that was asked for once, without a key. */
  plain(name: string, outcome: Outcome): void {
    if (outcome.kind === 'answered') this.#fates.set(name, 'acknowledged');
    else this.#fates.set(name, isUndone(outcome) ? 'undone' : 'unknown');
  }

  /** One that is asked for with a key until it is answered. */
  once(name: string, outcome: Outcome): void {
    this.#fates.set(name, outcome.kind === 'answered' ? 'acknowledged' : 'unknown');
  }

  get acknowledged(): number {
    return [...this.#fates.values()].filter((fate) => fate === 'acknowledged').length;
  }

  /** What the database has otherwise than was told: lost, made all the same, made twice, or half. */
  async wrong(sql: Sql, planted: Planted): Promise<string[]> {
    return [...(await this.#wrongForms(sql)), ...(await wrongValues(sql, planted))];
  }

  async #wrongForms(sql: Sql): Promise<string[]> {
    const rows = await sql.query<{ name: string; forms: number; entries: number }>(MADE);
    const made = new Map(rows.map(({ name, ...counts }) => [name, counts]));
    const wrong: string[] = [];
    for (const [name, fate] of this.#fates) {
      const { forms, entries } = made.get(name) ?? { forms: 0, entries: 0 };
      made.delete(name);
      if (forms !== entries) wrong.push(`${name}: ${forms} rows and ${entries} entries`);
      if (forms > 1) wrong.push(`${name} was made ${forms} times`);
      if (fate === 'acknowledged' && forms === 0)
        wrong.push(`${name} was acknowledged, and is lost`);
      if (fate === 'undone' && forms > 0) wrong.push(`${name} was refused, and was made`);
    }
    for (const name of made.keys()) wrong.push(`nobody was told of ${name}`);
    return wrong;
  }
}

/** Each form that was asked for, with the entries of the record that say that it was made. */
const MADE = `
  SELECT coalesce(form.name, entry.name) AS name,
    coalesce(form.count, 0)::int AS forms, coalesce(entry.count, 0)::int AS entries
  FROM (
    SELECT name, count(*) FROM form WHERE name LIKE 'plain %' OR name LIKE 'once %' GROUP BY 1
  ) form FULL JOIN (
    SELECT "after"->>'name' AS name, count(*) FROM audit_entry
    WHERE action = 'form:create' AND outcome = 'PERMITTED' GROUP BY 1
  ) entry ON entry.name = form.name`;

async function wrongValues(sql: Sql, planted: Planted): Promise<string[]> {
  const { counters, isGiven, membership, role } = planted;
  const wrong: string[] = [];
  for (const { id, key, value } of counters) {
    const [row] = await sql.query<{ value: unknown }>('SELECT value FROM config WHERE id = $1', [
      id,
    ]);
    const found = String(row?.value);
    if (!value.possible.has(found)) {
      wrong.push(`${key} is ${found} instead of ${[...value.possible].join(' or ')}`);
    }
  }
  const [row] = await sql.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT FROM role_assignment WHERE membership_id = $1 AND role_id = $2) AS is`,
    [membership, role],
  );
  if (row !== undefined && !isGiven.possible.has(row.is)) {
    wrong.push(`the role is ${row.is ? 'given' : 'taken away'}, and was not acknowledged so`);
  }
  return wrong;
}
