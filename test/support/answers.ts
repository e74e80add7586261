import type { AnsweredError } from './gateway.js';

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
}

/** The rows of a page. */
export function nodesOf<Node>(connection: Connection<Node>): Node[] {
  return connection.edges.map(({ node }) => node);
}

/** The same answer with the rows of pages, at any depth, in place of the pages. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
export function withoutPages(value: any): any {
  if (Array.isArray(value)) return value.map(withoutPages);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value.edges)) return withoutPages(nodesOf(value));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPages(one)]));
}

/** The names (or keys) of the rows of a page, in its order. */
export function namesOf(connection: Connection<{ name?: string; key?: string }>): string[] {
  return nodesOf(connection).map(({ name, key }) => name ?? key ?? '');
}

/** The code and the path of each error, such as `FORBIDDEN form.accessLevel`. */
export function refusals(errors: readonly AnsweredError[]): string[] {
  return errors.map(({ extensions, path = [] }) => `${extensions.code} ${path.join('.')}`.trim());
}
