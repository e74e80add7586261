import { subgraphSdl } from '../graphql/subgraph-sdl.js';
import { schema } from '../schema.js';
import { type Command, FLAG, UsageError } from './command.js';
import { isAsked } from './given.js';
import { clientSchema } from './print-schema.js';

export const subgraph: Command = {
  help: `Usage: heimdall subgraph [--node] [--authenticated] | --client

Prints the schema of this version, sorted: the subgraph, for composing a supergraph. It asks no gateway and no database.

  --node            with node and nodes, as HEIMDALL_SUBGRAPH_NODE=on has a gateway answer
  --authenticated   with @authenticated on root fields, as HEIMDALL_SUBGRAPH_AUTHENTICATED=on does
  --client          for clients and their tools instead: plain GraphQL, without federation`,
  options: { client: FLAG, node: FLAG, authenticated: FLAG },
  async run(given) {
    const shown = {
      node: isAsked(given, 'node'),
      authenticated: isAsked(given, 'authenticated'),
    };
    const isClient = isAsked(given, 'client');
    if (isClient && (shown.node || shown.authenticated)) {
      throw new UsageError('--client goes without --node and --authenticated');
    }
    process.stdout.write(isClient ? clientSchema(schema) : subgraphSdl(schema, shown));
    return undefined;
  },
};
