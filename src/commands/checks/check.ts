import type { Issue } from '../../errors.js';

/** What is wrong with a value; paths begin at the value. It may be null only where its column may. */
export type Check = (value: unknown) => readonly Issue[];

/** One mistake, at the value itself or within it. */
export const issue = (message: string, ...path: readonly (string | number)[]): Issue => ({
  path,
  message,
});
