import type { ExecutionResult } from 'graphql';

const CURSOR = Symbol('cursor');

/** What is answered to one event, with the cursor by which its reader comes back. */
export type EventResult = ExecutionResult & { readonly [CURSOR]?: string | undefined };

export const withCursor = (result: ExecutionResult, cursor: string | undefined): EventResult => ({
  ...result,
  [CURSOR]: cursor,
});

export const cursorOf = (result: EventResult): string | undefined => result[CURSOR];

/** As clients read it: what errors say to HTTP is left out. */
export function toldOf({ data, errors, extensions }: EventResult): object {
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined
      ? {}
      : {
          errors: errors.map((error) => {
            const { extensions: all, ...told } = error.toJSON();
            const { http: _, ...others } = all ?? {};
            return { ...told, extensions: others };
          }),
        }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
