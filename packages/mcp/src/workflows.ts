import { document, type HeimdallClient } from '@heimdall/client';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { Arguments } from './arguments.js';
import { answered, MOST_CHARACTERS } from './result.js';

interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly parameters: unknown;
}

const MOST_WORKFLOWS = 50;
const MOST_DESCRIPTION = 1_000;

interface Page {
  readonly workflows: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly edges: readonly { readonly node: Workflow }[];
  } | null;
}

/**
 * INVARIANT: the list and a call ask the same of the gateway (D37), of all and of one, so that what is listed can be called and
 * nothing else.
 */
const USABLE = document<Page, { first: number; after?: string; where: object }>(
  `query Usable($first: Int!, $after: String, $where: WorkflowFilter!) {
    workflows(usable: true, first: $first, after: $after, where: $where) {
      pageInfo { hasNextPage endCursor }
      edges { node { id name description parameters } }
    }
  }`,
);
/** Data providers answer options of forms, and are not run (D27). */
const RUNNABLE = { kind: { eq: 'WORKFLOW' } };

/** A page of the workflows that the caller may run, as tools. */
export async function workflowTools(
  client: HeimdallClient,
  after: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly tools: readonly Tool[]; readonly endCursor: string | undefined }> {
  const asked = {
    first: MOST_WORKFLOWS,
    where: RUNNABLE,
    ...(after === undefined ? {} : { after }),
  };
  const { workflows } = await client.request(USABLE, asked, { signal });
  return {
    tools: workflows?.edges.map(({ node }) => toolOf(node)) ?? [],
    endCursor: workflows?.pageInfo.hasNextPage
      ? (workflows.pageInfo.endCursor ?? undefined)
      : undefined,
  };
}

/**
 * Runs the workflow of a tool if the caller may, which is decided now; undefined: there is no such tool for this caller.
 *
 * @throws HeimdallError what the gateway refuses
 */
export async function callWorkflow(
  client: HeimdallClient,
  name: string,
  given: Arguments,
  { wait, signal }: { readonly wait: number; readonly signal: AbortSignal },
): Promise<CallToolResult | undefined> {
  const id = idOf(name);
  if (id === undefined) return undefined;
  const asked = { first: 1, where: { ...RUNNABLE, id: { eq: id } } };
  const { workflows } = await client.request(USABLE, asked, { signal });
  if (workflows?.edges[0]?.node.id !== id) return undefined;
  const execution = await client.runWorkflow(id, given, { wait, signal });
  const { result, ...rest } = execution ?? { result: undefined };
  const length = JSON.stringify(result ?? null).length;
  // It has run: that its answer is too long for a model is no failure of it.
  const told =
    length <= MOST_CHARACTERS / 2 ? { result } : { resultLeftOut: `it has ${length} characters` };
  return answered({ execution: execution === null ? null : { ...rest, ...told } });
}

/** From the id alone: what it is called may change, and be the same elsewhere. */
const nameOf = (id: string): string => `workflow_${id.replaceAll('-', '')}`;

function idOf(name: string): string | undefined {
  const parts =
    /^workflow_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(name);
  return parts?.slice(1).join('-');
}

function toolOf({ id, name, description, parameters }: Workflow): Tool {
  const what = description === null || description === '' ? '' : `: ${description}`;
  return {
    name: nameOf(id),
    title: name.slice(0, 200),
    description: `Runs the workflow “${name}”${what}`.slice(0, MOST_DESCRIPTION),
    annotations: { readOnlyHint: false },
    inputSchema: schemaOf(parameters),
  };
}

/**
 * The schema of the parameters as MCP takes it: of an object, with objects for its properties. A schema of one workflow must not
 * make the whole list one that clients cannot read.
 */
function schemaOf(parameters: unknown): Tool['inputSchema'] {
  const { properties, ...schema } = { ...(parameters as Record<string, unknown> | null) };
  if (properties === undefined) return { ...schema, type: 'object' };
  const described = Object.entries(properties as Record<string, unknown>).map(
    ([name, one]): [string, object] => {
      if (typeof one === 'object' && one !== null) return [name, one];
      return [name, one === false ? { not: {} } : {}];
    },
  );
  return { ...schema, type: 'object', properties: Object.fromEntries(described) };
}
