import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';

/** Sends a small JSON body. */
export function respondJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Sends one error in GraphQL's shape for a request that never came as far as GraphQL. */
export function respondError(response: ServerResponse, status: number, error: GraphQLError): void {
  const { message, extensions } = error;
  respondJson(response, status, { errors: [{ message, extensions }] });
}
