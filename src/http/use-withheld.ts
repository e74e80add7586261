import type { Plugin } from 'graphql-yoga';

/**
 * Says once of each field that was withheld from somebody who does not manage its row, in
 * `extensions.withheld` (D15): an error at each of them would make clients throw the whole answer away.
 */
export function useWithheld(): Plugin {
  return {
    onExecute({ args }) {
      const { withheld } = args.contextValue as { readonly withheld?: ReadonlySet<string> };
      return {
        onExecuteDone({ result, setResult }) {
          if (withheld === undefined || withheld.size === 0 || !('data' in result)) return;
          const extensions = { ...result.extensions, withheld: [...withheld].sort() };
          setResult({ ...result, extensions });
        },
      };
    },
  };
}
