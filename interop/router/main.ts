// Composes Heimdall and its neighbour, and routes to both; examples/neighbour/README.md says how to use it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { composeSupergraph } from './compose.js';
import { createRouter } from './router.js';

const HELP = `Usage: npx tsx interop/router/main.ts [options]

Composes schema.subgraph.graphql with examples/neighbour/schema.graphql, and answers queries to both.

  --compose             print the supergraph, and listen nowhere
  --heimdall <url>      default http://127.0.0.1:4000/graphql
  --neighbour <url>     default http://127.0.0.1:4001/graphql
  --port <number>       default 4002
  --help`;

const { values } = parseArgs({
  options: {
    compose: { type: 'boolean', default: false },
    heimdall: { type: 'string' },
    neighbour: { type: 'string' },
    port: { type: 'string', default: '4002' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const { heimdall, neighbour } = values;
  const supergraph = composeSupergraph({
    ...(heimdall === undefined ? {} : { heimdall }),
    ...(neighbour === undefined ? {} : { neighbour }),
  });
  if (values.compose) console.log(supergraph);
  else listen(supergraph);
}

function listen(supergraph: string): void {
  const server = createServer(createRouter(supergraph));
  server.listen(Number(values.port), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(`the router listens on http://127.0.0.1:${port}/graphql`);
  });
}
