/** What the server is told by its environment; all of it is in docs/mcp.md. */
export interface Settings {
  /** The gateway's endpoint. */
  readonly url: string;
  /** Where tools act unless the gateway's default will do (D4); HTTP callers say it by `x-heimdall-scope`. */
  readonly scope: string | undefined;
  /** For how many seconds the end of a workflow is waited for: 0 to 30. */
  readonly waitSeconds: number;
  readonly host: string;
  readonly port: number;
  /** Names, without ports, by which the HTTP server may be asked. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may ask; without any, no page may. */
  readonly allowedOrigins: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that is at fault */
export function settingsOf(environment: Environment): Settings {
  const url = environment.HEIMDALL_URL ?? 'http://127.0.0.1:4000/graphql';
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new Error('HEIMDALL_URL is no URL');
  return {
    url,
    scope: environment.HEIMDALL_SCOPE || undefined,
    waitSeconds: numberOf(environment, 'HEIMDALL_MCP_WAIT_SECONDS', 20, 30),
    host: environment.HEIMDALL_MCP_HOST ?? '127.0.0.1',
    port: numberOf(environment, 'HEIMDALL_MCP_PORT', 4100, 65_535),
    allowedHosts: listOf(environment.HEIMDALL_MCP_ALLOWED_HOSTS, [
      'localhost',
      '127.0.0.1',
      '[::1]',
    ]),
    allowedOrigins: listOf(environment.HEIMDALL_MCP_ALLOWED_ORIGINS, []),
  };
}

function numberOf(environment: Environment, name: string, otherwise: number, most: number): number {
  const text = environment[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,5}$/.test(text) || Number(text) > most) {
    throw new Error(`${name} is no number from 0 to ${most}`);
  }
  return Number(text);
}

function listOf(text: string | undefined, otherwise: readonly string[]): readonly string[] {
  if (text === undefined) return otherwise;
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
