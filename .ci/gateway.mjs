// What the checks of a built gateway share: a free port, the gateway as a process, and its first answer over HTTP.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the gateway answers to the question that is asked. */
export const ANSWER = '{"data":{"__typename":"Query"}}';

const STOPS_WITHIN_MS = 15_000;

export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The text of an answer, after its status if that is not 200; rejects if nobody listens. */
export async function ask(port) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return response.status === 200 ? text : `${response.status} ${text}`;
}

/** Starts a gateway by a command. */
export function start(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    /** What it has said so far. */
    output: () => output,
    /** The first answer that comes, of whatever kind; `none` if it ends or never listens. */
    async firstAnswer(port, patienceMs) {
      for (const deadline = Date.now() + patienceMs; Date.now() < deadline && isRunning(); ) {
        try {
          return await ask(port);
        } catch {
          await sleep(200);
        }
      }
      return 'none';
    },
    /** Ends it by a signal; what is wrong with how it ended, if anything is. */
    async stop() {
      child.kill('SIGTERM');
      const stopped = await Promise.race([ended, sleep(STOPS_WITHIN_MS, 'late', { ref: false })]);
      if (stopped === 'late') child.kill('SIGKILL');
      await ended;
      return stopped === 0 ? [] : [`did not stop in order: ${stopped ?? child.signalCode}`];
    },
  };
}
