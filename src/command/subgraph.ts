import { schema } from '../schema.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { clientSchema, subgraphSchema } from './print-schema.js';

export const subgraph: Command = {
  help: `Usage: heimdall subgraph [--client]

Prints the schema of this version, sorted: the subgraph, for composing a supergraph. It asks no gateway and no database.

  --client   for clients and their tools instead: plain GraphQL, without federation`,
  options: { client: FLAG },
  async run(given) {
    process.stdout.write(isAsked(given, 'client') ? clientSchema(schema) : subgraphSchema(schema));
    return undefined;
  },
};
