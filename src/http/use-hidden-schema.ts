import { GraphQLError, type ValidationRule, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Which parts of the schema callers may read. */
export interface Shown {
  readonly introspection: boolean;
  readonly subgraphSdl: boolean;
}

/** Refuses to answer what is turned off of the schema, wherever in a document it is asked for. */
export function useHiddenSchema({ introspection, subgraphSdl }: Shown): Plugin {
  const hidden = new Set([
    ...(introspection ? [] : ['__schema', '__type']),
    ...(subgraphSdl ? [] : ['_service']),
  ]);
  if (hidden.size === 0) return {};
  const rule: ValidationRule = (context) => ({
    Field(node) {
      if (!hidden.has(node.name.value)) return;
      context.reportError(
        new GraphQLError(`${node.name.value} is turned off in this gateway`, { nodes: node }),
      );
    },
  });
  return {
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(rule);
      if (introspection) return;
      // "Did you mean" names what was not asked for.
      setValidationFn((schema, document, rules) =>
        validate(schema, document, rules, { hideSuggestions: true }),
      );
    },
  };
}
