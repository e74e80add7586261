// Composes the subgraph of this version with examples/neighbour, as a router would; `npm run subgraph:check`.
import { composeSupergraph } from './compose.js';

try {
  composeSupergraph();
  console.log('schema.subgraph.graphql composes with examples/neighbour');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
