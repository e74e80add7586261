import type { Session } from '../../commands/session.js';
import type { Issue } from '../../errors.js';
import { type Dialect, mistakesIn } from './validator.js';

/**
 * What is wrong with a value by a schema that a tenant wrote, found out while the command holds no lock: by these very texts, and
 * so anew where the schema has been changed meanwhile.
 *
 * @param of the organization that it is asked for
 * @returns undefined where the schema cannot be used; nothing as long as it is not known, and then nothing comes of the command
 */
export function mistakesAhead(
  { findings }: Pick<Session, 'findings'>,
  of: string,
  dialect: Dialect,
  schema: unknown,
  value: unknown,
): readonly Issue[] | undefined {
  const job = { of, dialect, schema: JSON.stringify(schema), value: JSON.stringify(value) };
  const name = `${dialect}\n${job.schema}\n${job.value}`;
  const known = findings.of(name, () => mistakesIn(job));
  return known === undefined ? [] : known.found;
}
