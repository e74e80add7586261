import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { endpoint } from '../../../interop/support/gateway.js';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const { PATH = '', HOME = '' } = process.env;
const ENV = { PATH, HOME, HEIMDALL_URL: endpoint, HEIMDALL_MCP_WAIT_SECONDS: '0' };

export const TRANSPORTS = ['stdio', 'http'] as const;

/** The SDK's own client, connected as whoever the token is of. */
export async function connect(
  over: (typeof TRANSPORTS)[number],
  token: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport =
    over === 'stdio'
      ? new StdioClientTransport({
          command: process.execPath,
          args: ['--import', TSX, MAIN],
          env: { ...ENV, HEIMDALL_TOKEN: token, ...env },
        })
      : new StreamableHTTPClientTransport(new URL(await startHttp(env)), {
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        });
  // Its types are not written for exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return client;
}

/** The server over HTTP, as it is started by its command; with a token of its own that it must not use. */
export async function startHttp(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, ['--import', TSX, MAIN, '--http'], {
    env: { ...ENV, HEIMDALL_MCP_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = / on (http:\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(`it ended: ${said}`)));
  });
}

/** All tools, page by page. */
export async function toolsOf(client: Client): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

/** What a tool answers, as JSON; throws what it refuses. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
export async function call(client: Client, name: string, given: object = {}): Promise<any> {
  const asked = { name, arguments: given as Record<string, unknown> };
  const { content, isError } = (await client.callTool(asked)) as CallToolResult;
  const [first] = content;
  const text = first?.type === 'text' ? first.text : '';
  if (isError) throw new Error(text);
  return JSON.parse(text);
}

/** The tool of a workflow. */
export const toolNameOf = (id: string): string => `workflow_${id.replaceAll('-', '')}`;
