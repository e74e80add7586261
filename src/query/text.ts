const NO_TEXT = /\0|\p{Surrogate}/u;

/** Whether a string is text that the database holds: Unicode, without lone surrogates and NUL (D45). */
export function isText(value: string): boolean {
  return !NO_TEXT.test(value);
}
