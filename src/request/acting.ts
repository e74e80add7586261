import type { Row } from '../data/prisma/reader.js';
import type { Policy } from '../policy/define-policy.js';
import type { Principal } from '../policy/principal.js';
import { canActAnywhere, type Place } from '../policy/situation.js';

/**
 * In which other organizations than their own somebody acts in one request (D4, D19): those that it names as a place, those
 * of the rows that it names by their ids, or all at once. Only who may act in any of them can do so in one.
 */
export class Acting {
  /** Who does: whoever sees as somebody else themselves (D21). */
  readonly by: Principal;
  /** Whether the principal may act elsewhere at all: whoever may not has nothing to be noted. */
  readonly isFree: boolean;
  readonly #home: string | null;
  readonly #organizations = new Set<string>();
  #isEverywhere = false;

  constructor(principal: Principal, by: Principal = principal) {
    this.by = by;
    this.isFree = canActAnywhere(principal);
    // An execution is at home where it runs (D30).
    this.#home = (principal.execution ?? principal).organizationId;
  }

  /** Notes a place that was named, or a row that was asked for by its id; null: a global one, which is nobody's. */
  note(organizationId: string | null | undefined): void {
    if (!this.isFree || organizationId == null || organizationId === this.#home) return;
    this.#organizations.add(organizationId);
  }

  /** Notes where something is read or decided: all organizations at once are no place that was looked for. */
  notePlace({ coverage }: Place): void {
    if (coverage.kind === 'everything') this.#isEverywhere = true;
  }

  /** The columns that say whose a row is, which is read with those of who may act elsewhere. */
  columns({ home }: Pick<Policy, 'home'>): readonly string[] {
    return this.isFree && home !== undefined ? [home.organization] : [];
  }

  /** Notes a row that was asked for by its id; of one that is nowhere by itself, as a line of a log, that it could be anywhere. */
  noteRow({ home }: Pick<Policy, 'home'>, row: Row | null): void {
    if (row === null) return;
    if (home !== undefined) this.note(row[home.organization] as string | null);
    else if (this.isFree) this.#isEverywhere = true;
  }

  /** Forgets it all: what is changed or refused has entries of its own. */
  forget(): void {
    this.#organizations.clear();
    this.#isEverywhere = false;
  }

  /** The ids of the organizations; null: all of them. */
  get where(): readonly (string | null)[] {
    return [...(this.#isEverywhere ? [null] : []), ...this.#organizations];
  }
}
