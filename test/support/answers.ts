import type { AnsweredError } from './gateway.js';

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
}

/** The rows of a page. */
export function nodesOf<Node>(connection: Connection<Node>): Node[] {
  return connection.edges.map(({ node }) => node);
}

/** The names (or keys) of the rows of a page, in its order. */
export function namesOf(connection: Connection<{ name?: string; key?: string }>): string[] {
  return nodesOf(connection).map(({ name, key }) => name ?? key ?? '');
}

/** The code and the path of each error, such as `FORBIDDEN form.accessLevel`. */
export function refusals(errors: readonly AnsweredError[]): string[] {
  return errors.map(({ extensions, path = [] }) => `${extensions.code} ${path.join('.')}`.trim());
}
