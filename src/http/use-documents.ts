import type { Plugin } from 'graphql-yoga';
import type { Principal } from '../policy/principal.js';
import type { DocumentCache } from './document-cache.js';

/**
 * Parses and validates a document once, for callers who are known.
 *
 * INVARIANT: nothing that a caller without a credential sends outlasts its answer: whoever can make the
 * gateway keep things without saying who they are can fill its memory.
 */
export function useDocuments(cache: DocumentCache): Plugin<{ principal: Principal }> {
  return {
    onParse({ params: { source }, context, setParsedDocument }) {
      if (context.principal.kind === 'ANONYMOUS') return;
      const known = cache.find(textOf(source));
      if (known !== undefined) setParsedDocument(known);
    },
    onValidate({ params: { documentAST }, context, setResult }) {
      if (context.principal.kind === 'ANONYMOUS') return undefined;
      if (cache.isKnown(documentAST)) {
        setResult([]);
        return undefined;
      }
      return ({ valid }) => {
        if (valid) cache.keep(textOf(documentAST.loc?.source ?? ''), documentAST);
      };
    },
  };
}

function textOf(source: string | { readonly body: string }): string {
  return typeof source === 'string' ? source : source.body;
}
