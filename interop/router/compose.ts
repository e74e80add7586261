import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const ROOT = join(import.meta.dirname, '..', '..');

/** The subgraphs, the files that say what they are, and where they listen unless told otherwise. */
const SUBGRAPHS = {
  heimdall: { file: 'schema.subgraph.graphql', url: 'http://127.0.0.1:4000/graphql' },
  neighbour: { file: 'examples/neighbour/schema.graphql', url: 'http://127.0.0.1:4001/graphql' },
} as const;

export type SubgraphName = keyof typeof SUBGRAPHS;

/** The supergraph of Heimdall and its neighbour, for a router. Throws where they do not compose. */
export function composeSupergraph(urls: Partial<Record<SubgraphName, string>> = {}): string {
  const services = Object.entries(SUBGRAPHS).map(([name, { file, url }]) => ({
    name,
    url: urls[name as SubgraphName] ?? url,
    typeDefs: parse(readFileSync(join(ROOT, file), 'utf8')),
  }));
  const { supergraphSdl, errors = [] } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new Error(errors.map(({ message }) => message).join('\n'));
  }
  return supergraphSdl;
}
