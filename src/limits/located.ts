import { GraphQLError, type GraphQLResolveInfo } from 'graphql';

/**
 * An error that has its place already, so that it stays one however often it is thrown: to make one for each of a
 * hundred thousand rows would be what is to be prevented. An answer with it at several places is refused whole.
 */
export function locatedAt(error: unknown, { fieldNodes, path }: GraphQLResolveInfo): GraphQLError {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) keys.unshift(at.key);
  const originalError = error instanceof Error ? error : new Error(String(error));
  const { message } = originalError;
  return new GraphQLError(message, { nodes: fieldNodes, path: keys, originalError });
}
