/** A bug to be planted: one exact piece of source, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Must occur exactly once in the file, or the list is out of date. */
  readonly find: string;
  readonly replace: string;
}

/** The mutants of one file, written shortly. */
export function inFile(
  file: string,
  changes: Readonly<Record<string, readonly [find: string, replace: string]>>,
): Mutant[] {
  return Object.entries(changes).map(([name, [find, replace]]) => ({
    name,
    file,
    find,
    replace,
  }));
}
