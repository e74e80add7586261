import { type Document, document } from '@heimdall/client';

/** What is read of a type of resource: what there is to see for everybody who may read it. */
const TYPES = {
  form: [
    'Form',
    'forms',
    'id name description isActive canUse canManage fields workflow { id name }',
  ],
  workflow: [
    'Workflow',
    'workflows',
    'id name description kind isActive canUse canManage parameters',
  ],
  agent: ['Agent', 'agents', 'id name description isActive canUse canManage'],
  app: ['App', 'apps', 'id name slug description isActive canUse canManage'],
  config: ['Config', 'configs', 'id key type value isSecret isFinal canManage'],
  execution: [
    'Execution',
    'executions',
    'id targetName status createdAt startedAt finishedAt progress result error { code message }',
  ],
  scope: ['Scope', 'scopes', 'id displayName externalId'],
  organization: ['Organization', 'organizations', 'id name'],
  user: ['User', 'users', 'id name email isActive'],
  team: ['Team', 'teams', 'id name'],
  role: ['Role', 'roles', 'id name description'],
} as const;

/** A type of resource that can be listed. */
export type ResourceType = keyof typeof TYPES;
export const RESOURCE_TYPES = Object.keys(TYPES) as readonly ResourceType[];

interface Page {
  readonly list: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly edges: readonly { readonly node: object }[];
  } | null;
}

/** The list of a type. */
export function listOf(type: ResourceType): Document<Page, { first: number; after?: string }> {
  const [, field, selection] = TYPES[type];
  return document(`query List($first: Int!, $after: String) {
    list: ${field}(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { ${selection} } }
    }
  }`);
}

const FRAGMENTS = Object.values(TYPES).map(
  ([name, , selection]) => `... on ${name} { ${selection} }`,
);

/** Any resource by its id. */
export const READ = document<{ readonly node: object | null }, { id: string }>(
  `query Read($id: ID!) { node(id: $id) { __typename id ${FRAGMENTS.join(' ')} } }`,
);
