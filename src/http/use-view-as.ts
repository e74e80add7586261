import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Principal } from '../policy/principal.js';

interface Viewing {
  readonly principal?: Principal;
  readonly viewer?: Principal | undefined;
}

/** Says in `extensions.viewAs` as whom the answer was decided, where that is not who asked (D21). */
export function useViewAs(): Plugin {
  return {
    onExecute({ args }) {
      const { principal, viewer } = args.contextValue as Viewing;
      if (principal === undefined || viewer === undefined) return undefined;
      const viewAs = { userId: principal.userId, viewerId: viewer.userId };
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return;
          setResult({ ...result, extensions: { ...result.extensions, viewAs } });
        },
      };
    },
  };
}
