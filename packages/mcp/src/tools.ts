import { document, type HeimdallClient } from '@heimdall/client';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { ArgumentError, type Arguments, count, only, optionalText, text } from './arguments.js';
import { listOf, READ, RESOURCE_TYPES, type ResourceType } from './resources.js';
import { answered } from './result.js';

/** Does what a tool is for, as whoever the client asks as. */
type Call = (
  client: HeimdallClient,
  given: Arguments,
  signal: AbortSignal,
) => Promise<CallToolResult>;

const MOST_ROWS = 50;
const READS = { readOnlyHint: true, openWorldHint: false } as const;
const string = (description: string) => ({ type: 'string', description });

const WHAT = {
  action: string('What is to be done: read, update, delete, use, create …'),
  resourceType: string('The type of resource, as permissions name it: form, workflow …'),
};

const CHECK = document<
  { check: object | null },
  { action: string; resourceType: string; resourceId?: string }
>(`query Check($action: String!, $resourceType: String!, $resourceId: ID) {
  check(action: $action, resourceType: $resourceType, resourceId: $resourceId) { allowed answer reason }
}`);

const EXPLAIN = document<
  { explainAccess: object | null },
  { action: string; resourceType: string; resourceId: string }
>(`query Explain($action: String!, $resourceType: String!, $resourceId: ID!) {
  explainAccess(action: $action, resourceType: $resourceType, resourceId: $resourceId) {
    decision { allowed answer reason }
    rules { rule text answer unknown }
    nearestMisses { changes { change role { id name } scope { id name } } }
  }
}`);

const FIXED: readonly { readonly tool: Tool; readonly call: Call }[] = [
  {
    tool: {
      name: 'list_resources',
      description: `The resources of a type that you may read, ${MOST_ROWS} at most at a time.`,
      annotations: READS,
      inputSchema: {
        type: 'object',
        properties: {
          type: { type: 'string', enum: [...RESOURCE_TYPES] },
          first: {
            type: 'integer',
            minimum: 1,
            maximum: MOST_ROWS,
            description: '20 unless given',
          },
          after: string('The endCursor of the page before.'),
        },
        required: ['type'],
        additionalProperties: false,
      },
    },
    async call(client, given, signal) {
      only(given, ['type', 'first', 'after']);
      const type = text(given, 'type') as ResourceType;
      if (!RESOURCE_TYPES.includes(type)) {
        throw new ArgumentError(`type is one of ${RESOURCE_TYPES.join(', ')}`);
      }
      const after = optionalText(given, 'after');
      const asked = { first: count(given, 'first', 20, MOST_ROWS), ...(after ? { after } : {}) };
      const { list } = await client.request(listOf(type), asked, { signal });
      return answered({
        resources: list?.edges.map(({ node }) => node) ?? [],
        endCursor: list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : null,
      });
    },
  },
  {
    tool: {
      name: 'read_resource',
      description:
        'A resource by its id; null if there is none that you may read. Of an execution it tells how far it is and what came of it.',
      annotations: READS,
      inputSchema: {
        type: 'object',
        properties: { id: string('Its id, a UUID.') },
        required: ['id'],
        additionalProperties: false,
      },
    },
    async call(client, given, signal) {
      only(given, ['id']);
      const { node } = await client.request(READ, { id: text(given, 'id') }, { signal });
      return answered({ resource: node });
    },
  },
  {
    tool: {
      name: 'check',
      description:
        'Whether you may do something with a resource, or without resourceId with any of its type, without its being tried.',
      annotations: READS,
      inputSchema: {
        type: 'object',
        properties: { ...WHAT, resourceId: string('Its id.') },
        required: ['action', 'resourceType'],
        additionalProperties: false,
      },
    },
    async call(client, given, signal) {
      only(given, ['action', 'resourceType', 'resourceId']);
      const resourceId = optionalText(given, 'resourceId');
      const asked = {
        action: text(given, 'action'),
        resourceType: text(given, 'resourceType'),
        ...(resourceId === undefined ? {} : { resourceId }),
      };
      return answered({ decision: (await client.request(CHECK, asked, { signal })).check });
    },
  },
  {
    tool: {
      name: 'explain',
      description:
        'Why you may or may not do something with a resource, and what would have to change.',
      annotations: READS,
      inputSchema: {
        type: 'object',
        properties: { ...WHAT, resourceId: string('Its id.') },
        required: ['action', 'resourceType', 'resourceId'],
        additionalProperties: false,
      },
    },
    async call(client, given, signal) {
      only(given, ['action', 'resourceType', 'resourceId']);
      const asked = {
        action: text(given, 'action'),
        resourceType: text(given, 'resourceType'),
        resourceId: text(given, 'resourceId'),
      };
      const { explainAccess } = await client.request(EXPLAIN, asked, { signal });
      return answered({ explanation: explainAccess });
    },
  },
];

/** The tools that every caller has; what they answer is decided at each call. */
export const FIXED_TOOLS: readonly Tool[] = FIXED.map(({ tool }) => tool);

/** What a tool of this name does; undefined: it is none of these. */
export const fixedCall = (name: string): Call | undefined =>
  FIXED.find(({ tool }) => tool.name === name)?.call;
