import type { Plugin } from 'graphql-yoga';
import { persistedQueryNotFound, persistedQueryNotSupported } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import { hashOf, isHash, type NamedDocuments } from '../shared/named-documents.js';
import type { Exchange } from './exchange.js';
import { requestError } from './request-error.js';

/** Said of every document that is not on the operator's list. */
const NOT_TRUSTED = 'only documents that are on the list of this gateway are answered';

interface Sender {
  readonly principal: Principal;
  readonly exchange: Exchange;
}

/** What Apollo's clients say in `extensions.persistedQuery`; undefined: nothing. */
export function namedHash(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const { persistedQuery } = extensions as { readonly persistedQuery?: unknown };
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return undefined;
  return (persistedQuery as { readonly sha256Hash?: unknown }).sha256Hash ?? null;
}

/**
 * Puts documents in the place of their hashes, keeps those that come with one, and takes none but the trusted
 * where the operator says so.
 *
 * INVARIANT: nothing is kept of a caller without a credential, and nothing that is not valid.
 */
export function useNamedDocuments(documents: NamedDocuments): Plugin<Sender, Sender> {
  return {
    async onParams({ params, setParams }) {
      const hash = namedHash(params?.extensions);
      const query = params?.query ?? undefined;
      if (hash !== undefined && query === undefined) {
        if (!documents.areTaken) throw persistedQueryNotSupported();
        const found = isHash(hash) ? await documents.find(hash) : undefined;
        if (found !== undefined) return setParams({ ...params, query: found });
        throw documents.isKeeping ? persistedQueryNotFound() : requestError(400, NOT_TRUSTED);
      }
      if (typeof query !== 'string') return;
      if (!documents.isAnswered(query)) throw requestError(400, NOT_TRUSTED);
      // Where none are kept the hash says nothing that is needed.
      if (hash !== undefined && documents.isKeeping && hash !== hashOf(query)) {
        throw requestError(400, 'the hash is not the SHA-256 of the document');
      }
    },
    // What is executed is valid.
    onExecute({ args, context }) {
      const { params, principal } = context as typeof context & Sender;
      const hash = namedHash(params.extensions);
      if (principal.kind === 'ANONYMOUS' || !isHash(hash)) return;
      const text = args.document.loc?.source.body;
      if (text !== undefined && text === params.query) void documents.keep(hash, text);
    },
  };
}
