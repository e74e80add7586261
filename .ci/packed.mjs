// Packs what was built, installs the tarball into an empty folder as somebody without the sources would, and there asks
// the doctor, starts the gateway on its embedded database, asks it one question, and stops it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWER, freePort, start } from './gateway.mjs';

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
  const gateway = start(entry, ['start'], { cwd: folder, env });
  const answer = await gateway.firstAnswer(port, 120_000);
  if (answer !== ANSWER) mistakes.push(`the gateway answered: ${answer}\n${gateway.output()}`);
  expect('doctor beside the gateway', heimdall('doctor'), 0, 'is in use by another process');
  for (const mistake of await gateway.stop()) mistakes.push(`${mistake}\n${gateway.output()}`);
  expect('doctor afterwards', heimdall('doctor'), 0, 'migrations: all are applied');
  if (mistakes.length === 0) console.log(`installed from ${name}, and answered: ${answer}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (mistakes.length > 0) {
  console.error(mistakes.join('\n'));
  process.exitCode = 1;
}
