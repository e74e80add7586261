import type { Values } from '../data/prisma/writer.js';
import { badInput, forbidden, type Issue } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import type { Check } from './checks/check.js';

/** The action that sets a part of a row: what decides who may use it is shared, whose it is transferred. */
export type SetBy = 'update' | 'share' | 'transfer';

/** One part of a row that can be set, by whatever action. */
export interface Setting {
  readonly name: string;
  readonly by: SetBy;
  readonly is: 'column' | 'reference' | 'links';
  /** A row cannot be made without it. */
  readonly required: boolean;
  readonly nullable: boolean;
  readonly check: Check | undefined;
  /** Platform admins alone set it (D12): ever, or once the row is there. */
  readonly admin: 'always' | 'afterwards' | undefined;
  /** It is said when the row is made, and stays. */
  readonly fixed: boolean;
}

/** What is set of a row: columns, and relations by id. What is not named stays as it is. */
export interface Change {
  readonly columns: Values;
  readonly references: Readonly<Record<string, string | null>>;
  readonly links: Readonly<Record<string, readonly string[]>>;
}

/** What an input sets. A part that is left out stays as it is; null is nothing, where there may be nothing. */
export function changeOf(
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
): Change {
  const issues: Issue[] = [];
  const parts = { column: {}, reference: {}, links: {} } as Record<
    Setting['is'],
    Record<string, unknown>
  >;
  for (const { name, is, nullable, check } of settings) {
    const value = input[name];
    if (value === undefined) continue;
    if (value === null && !nullable) issues.push({ path: [name], message: 'it cannot be null' });
    else if (value !== null && check !== undefined) {
      for (const { path, message } of check(value)) issues.push({ path: [name, ...path], message });
    }
    parts[is][name] = value;
  }
  if (issues.length > 0) throw badInput(issues);
  return {
    columns: parts.column,
    references: parts.reference as Change['references'],
    links: parts.links as Change['links'],
  };
}

/** Throws FORBIDDEN where an input sets what platform admins alone set (D12). */
export function assertMaySet(
  { isPlatformAdmin }: Principal,
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
  making: boolean,
): void {
  if (isPlatformAdmin) return;
  const forAdmins = settings.filter(({ admin }) => admin === 'always' || (admin && !making));
  const set = forAdmins.filter(({ name }) => input[name] !== undefined);
  if (set.length > 0) {
    throw forbidden(
      `${set.map(({ name }) => name).join(', ')}: set by platform admins alone (D12)`,
    );
  }
}

/** The actions besides creating that a new row must permit: those that set what is set of it. */
export function actionsOf(
  settings: readonly Setting[],
  input: Readonly<Record<string, unknown>>,
): readonly SetBy[] {
  const named = settings.filter(({ name, by }) => by !== 'update' && input[name] !== undefined);
  return [...new Set(named.map(({ by }) => by))];
}
