/** Something that a sentence can be about: what it is called, and the place where it is. */
export interface Named {
  readonly name: string;
  readonly at: string | null;
  readonly id: string;
}

/** Somebody of whom something is expected. */
export interface Person {
  readonly id: string;
  readonly email: string;
  /** Whether they, or their organization, are inactive, so that their token is refused (D18). */
  readonly isInactive: boolean;
}

/** The ids of what a file speaks of, planted or found. */
export interface World {
  /** Who asks why, and for those who cannot ask themselves. */
  readonly asker: string;
  /** Answers null for nobody. */
  person(key: string): Person | null;
  /** Where (D4): an id, or null for the global tier. Undefined: there is no such place. */
  place(key: string): string | null | undefined;
  /** All that are called so, at a place or at any. */
  find(type: string, name: string, at: string | undefined): Promise<readonly Named[]>;
}

/** A world of which everything is known beforehand, by type. */
export function knownWorld(
  asker: string,
  people: ReadonlyMap<string, Person>,
  places: ReadonlyMap<string, string | null>,
  things: Readonly<Record<string, readonly Named[]>>,
): World {
  return {
    asker,
    person: (key) => people.get(key) ?? null,
    place: (key) => places.get(key),
    find: async (type, name, at) =>
      (Object.hasOwn(things, type) ? (things[type] ?? []) : []).filter(
        (one) => one.name === name && (at === undefined || one.at === at),
      ),
  };
}
