/** The arguments of a call, read one by one. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a model said is not what the tool takes. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** @throws ArgumentError it is missing, or no text */
export function text(given: Arguments, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '') throw new ArgumentError(`${name} is a text`);
  return value;
}

/** A text that may be left out. */
export function optionalText(given: Arguments, name: string): string | undefined {
  return given[name] === undefined ? undefined : text(given, name);
}

/** @throws ArgumentError it is there, and no whole number from 1 to `most` */
export function count(given: Arguments, name: string, otherwise: number, most: number): number {
  const value = given[name] ?? otherwise;
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw new ArgumentError(`${name} is a whole number from 1 to ${most}`);
  }
  return value as number;
}

/** @throws ArgumentError something was said that the tool does not take */
export function only(given: Arguments, names: readonly string[]): void {
  const strange = Object.keys(given).find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new ArgumentError(`there is no argument ${strange.slice(0, 50)}`);
}
