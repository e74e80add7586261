// Packs what was built, installs the tarball into an empty folder as somebody without the sources would, and there asks
// the doctor, starts the gateway on its embedded database, asks it one question, and stops it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

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
  return response.text();
}

async function firstAnswer(port, isRunning) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && isRunning(); ) {
    try {
      return await ask(port);
    } catch {
      await sleep(200);
    }
  }
  return 'none';
}

const folder = mkdtempSync(join(tmpdir(), 'heimdall-packed-'));
const mistakes = [];
try {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder]);
  const name = packed.toString().trim();
  const tarball = join(folder, name);
  execFileSync('npm', ['init', '-y'], { cwd: folder, stdio: 'ignore' });
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', tarball], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  for (const tool of ['tsx', 'typescript', 'prisma', 'vitest']) {
    if (readdirSync(join(folder, 'node_modules')).includes(tool)) {
      mistakes.push(`${tool} was installed, which nothing needs at run time`);
    }
  }
  // Only what a fresh machine would set.
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port) };
  const heimdall = (...args) =>
    spawnSync('npx', ['heimdall', ...args], { cwd: folder, env, encoding: 'utf8' });
  const expect = (what, { status, stdout, stderr }, wanted, text) => {
    if (status === wanted && stdout.includes(text)) return;
    mistakes.push(`${what} ended with ${status}:\n${stdout}${stderr}`);
  };
  expect('--help', heimdall('--help'), 0, 'doctor');
  expect('--version', heimdall('--version'), 0, '0.');
  expect('an unknown command', heimdall('strat'), 2, '');
  expect('subgraph', heimdall('subgraph'), 0, 'type Query');
  expect('doctor before the first start', heimdall('doctor'), 0, 'database: none yet');

  // Not by npx: npm passes no signal on.
  const entry = join(folder, 'node_modules', '.bin', 'heimdall');
  const gateway = spawn(entry, ['start'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const ended = new Promise((resolve) => gateway.once('close', resolve));
  const isRunning = () => gateway.exitCode === null && gateway.signalCode === null;
  const answer = await firstAnswer(port, isRunning);
  if (answer !== '{"data":{"__typename":"Query"}}') {
    mistakes.push(`the gateway answered: ${answer}\n${output}`);
  }
  expect('doctor beside the gateway', heimdall('doctor'), 0, 'is in use by another process');
  gateway.kill('SIGTERM');
  const stopped = await Promise.race([ended, sleep(15_000, 'late', { ref: false })]);
  if (stopped === 'late') gateway.kill('SIGKILL');
  if (stopped !== 0) mistakes.push(`did not stop in order: ${stopped}\n${output}`);
  await ended;
  expect('doctor afterwards', heimdall('doctor'), 0, 'migrations: all are applied');
  if (mistakes.length === 0) console.log(`installed from ${name}, and answered: ${answer}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (mistakes.length > 0) {
  console.error(mistakes.join('\n'));
  process.exitCode = 1;
}
