// An MCP server of a Heimdall gateway: docs/mcp.md.
import type { AddressInfo } from 'node:net';
import { HeimdallClient } from '@heimdall/client';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createHttp } from './http.js';
import { createServer } from './server.js';
import { settingsOf } from './settings.js';

const HELP = `Usage: npm run -s mcp [-- --http]

Speaks MCP for a Heimdall gateway, with its caller's credential alone. Over stdio, with the credential in
HEIMDALL_TOKEN; with --http over streamable HTTP, with that of each request. docs/mcp.md has the settings.`;

/** Standard output is the protocol's. */
const say = (text: string) => process.stderr.write(`${text}\n`);

async function overStdio(): Promise<void> {
  const { url, scope, waitSeconds } = settingsOf(process.env);
  const token = process.env.HEIMDALL_TOKEN;
  if (token === undefined || token === '') throw new Error('HEIMDALL_TOKEN is not set');
  const client = new HeimdallClient({ url, token });
  if (scope !== undefined) client.setScope(scope);
  await createServer(client, waitSeconds).connect(new StdioServerTransport());
}

async function overHttp(): Promise<void> {
  const settings = settingsOf(process.env);
  const server = createHttp(settings);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, settings.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  say(`MCP for ${settings.url} on http://${address}:${port}/mcp`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

const [mode, ...more] = process.argv.slice(2);
try {
  if (more.length > 0 || !['--http', '--help', undefined].includes(mode)) {
    say(HELP);
    process.exitCode = 2;
  } else if (mode === '--help') {
    say(HELP);
  } else {
    await (mode === '--http' ? overHttp() : overStdio());
  }
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
