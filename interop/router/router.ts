import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';

/** What a subgraph has to be told of a request; nothing else of it is passed on (docs/federation.md). */
const FORWARDED = ['authorization', 'x-heimdall-scope', 'x-request-id'] as const;

/** Sends a request to a subgraph. */
export type Send = typeof globalThis.fetch;

/** A handler of node:http that answers what the supergraph can be asked. */
export function createRouter(supergraphSdl: string, send: Send = globalThis.fetch) {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl,
    batch: true,
    httpExecutorOpts: {
      fetch: (url, options) => send(url, options as RequestInit),
      headers: (execution) => forwarded(execution?.context),
    },
  });
  // What a subgraph says is fit for callers, and so is what a null of its becomes here.
  return createYoga({ schema, logging: false, maskedErrors: false });
}

function forwarded(context: YogaInitialContext | undefined): Record<string, string> {
  return Object.fromEntries(
    FORWARDED.flatMap((name) => {
      const value = context?.request.headers.get(name);
      return value ? [[name, value]] : [];
    }),
  );
}
