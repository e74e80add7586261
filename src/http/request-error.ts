import { GraphQLError } from 'graphql';

/** What Yoga reads from `extensions.http` and leaves out of the answer. */
export interface HttpExtension {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status is for `application/graphql-response+json` alone; others get 200. */
  readonly spec?: boolean;
}

/** A request that is refused before execution, with its HTTP status. */
export function requestError(
  status: number,
  message: string,
  {
    onlyIfAsked = false,
    headers = {},
  }: { onlyIfAsked?: boolean; headers?: Record<string, string> } = {},
): GraphQLError {
  const http: HttpExtension = { status, headers, ...(onlyIfAsked ? { spec: true } : {}) };
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http } });
}
