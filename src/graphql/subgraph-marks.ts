import type { GraphQLField } from 'graphql';
import { ACTIONS, type ResourceType } from '../policy/vocabulary.js';

/** What a field's declaration says to a supergraph. */
export interface Mark {
  /** For managers of its row (D15). */
  readonly managed?: true;
  /** For processes beside the gateway, which ask it themselves. */
  readonly internal?: true;
  /** Of a mutation: the type and the action that it asks for, as permissions name them. */
  readonly permission?: string;
}

/** A mark, as a field's extensions have it. */
export const marked = (mark: Mark): { readonly extensions: { readonly subgraph: Mark } } => ({
  extensions: { subgraph: mark },
});

/** The mark of what asks for an action; none where the vocabulary has no permission of that name. */
export function asksFor(type: ResourceType, action: string): Mark {
  const known: readonly string[] = ACTIONS[type];
  return known.includes(action) ? { permission: `${type}/${action}` } : {};
}

/** What is said of a field, and whether nobody is answered who is not signed in (D18). */
export function markOf({
  extensions,
}: Pick<GraphQLField<unknown, unknown>, 'extensions'>): Mark & { readonly signedIn: boolean } {
  const { authScopes } = (extensions.pothosOptions ?? {}) as { readonly authScopes?: unknown };
  const signedIn =
    typeof authScopes === 'object' &&
    authScopes !== null &&
    Reflect.get(authScopes, 'signedIn') === true;
  return { ...(extensions.subgraph as Mark | undefined), signedIn };
}
