/** Those that a list names, in the order of all. Throws on what is none of them. */
export function namedIn<T extends string>(list: string, all: readonly T[], what: string): T[] {
  const named = list.split(',');
  const unknown = named.find((name) => !(all as readonly string[]).includes(name));
  if (unknown === undefined) return all.filter((name) => named.includes(name));
  throw new Error(`there is no ${what} "${unknown}": it is one of ${all.join(', ')}`);
}
