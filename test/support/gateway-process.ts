import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { AUDIENCE, ISSUER, SECRET } from './gateway.js';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const LISTENING = /"url":"([^"]+)"[^\n]*"listening"/;

/** A gateway in a process of its own, on a database that others may use as well. */
export interface GatewayProcess {
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  ask(email: string, query: string, variables?: object, headers?: object): Promise<any>;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** As the kernel does it that is out of memory. */
  kill(): Promise<void>;
}

/**
 * @param databaseUrl null: it has an embedded database, whose folder is among the settings
 * @param settings other than the tests', by their variables
 * @param onOutput is told what it logs
 */
export async function startGatewayProcess(
  databaseUrl: string | null,
  settings: Readonly<Record<string, string>> = {},
  onOutput: (text: string) => void = () => {},
): Promise<GatewayProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
    cwd: tmpdir(),
    env: {
      PATH,
      HOME,
      PORT: '0',
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      HEIMDALL_JWT_SECRET: SECRET,
      HEIMDALL_JWT_ISSUER: ISSUER,
      HEIMDALL_MUTATIONS: 'on',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    let isListening = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      onOutput(text);
      if (isListening) return;
      output += text;
      const found = LISTENING.exec(output)?.[1];
      if (found === undefined) return;
      isListening = true;
      resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${output}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async ask(email, query, variables = {}, headers = {}) {
      const token = await signDevelopmentToken({
        ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 600 },
        subject: developmentSubject(email),
      });
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', authorization: `Bearer ${token}` },
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
