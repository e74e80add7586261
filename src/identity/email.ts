/**
 * Lower-cases the letters A to Z and leaves every other character as it is.
 *
 * INVARIANT: an email never matches through a character that merely lower-cases to an ASCII one
 * (the Kelvin sign to `k`): its owner is somebody else.
 */
export function asciiLowerCase(email: string): string {
  return email.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
