// Starts the gateway with `npm start` on a free port with an empty data folder, asks it one question
// over HTTP, and stops it again by a signal to npm: what a newcomer and a process manager do first must work.
// With the path of a Node it starts what is built on that one, as a container does.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ask(port) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, text: await response.text() };
}

/** The first answer that comes, of whatever kind; undefined if the gateway ends or never listens. */
async function firstAnswer(port, isRunning) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && isRunning(); ) {
    try {
      return await ask(port);
    } catch {
      await sleep(200);
    }
  }
  return undefined;
}

// Only what a fresh machine would set: no database, no secret, nothing of the developer's own.
const { PATH, HOME } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'heimdall-smoke-'));
const port = await freePort();
const [node] = process.argv.slice(2);
const [command, ...args] = node
  ? [node, '--enable-source-maps', join('dist', 'main.js')]
  : ['npm', 'start'];
const gateway = spawn(command, args, {
  env: { PATH, HOME, PORT: String(port), HEIMDALL_DATA_DIR: join(folder, 'data') },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let output = '';
for (const stream of [gateway.stdout, gateway.stderr]) {
  stream.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
}
const ended = new Promise((resolve) => gateway.once('close', resolve));
const isRunning = () => gateway.exitCode === null && gateway.signalCode === null;

const mistakes = [];
const answer = await firstAnswer(port, isRunning);
if (answer === undefined) mistakes.push('no answer over HTTP');
else if (answer.status !== 200 || answer.text !== '{"data":{"__typename":"Query"}}') {
  mistakes.push(`unexpected answer: ${answer.status} ${answer.text}`);
}
gateway.kill('SIGTERM');
const stopped = await Promise.race([ended, sleep(15_000, 'late', { ref: false })]);
if (stopped === 'late') gateway.kill('SIGKILL');
if (stopped !== 0) mistakes.push(`did not stop in order: ${stopped ?? gateway.signalCode}`);
await ended;
if (await ask(port).catch(() => undefined)) mistakes.push('the gateway outlived what started it');
rmSync(folder, { recursive: true, force: true });

if (mistakes.length > 0) {
  console.error(`${mistakes.join('\n')}\n--- the gateway's output\n${output}`);
  process.exitCode = 1;
} else {
  console.log(`answered: ${answer.text}`);
}
