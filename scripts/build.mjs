// Builds dist/ from src/, unless it is already the build of exactly these sources. It is plain
// JavaScript because it runs before anything is compiled. With --then-start it first checks the
// settings: who made a mistake in them is not kept waiting for a build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const STAMP = 'dist/.sources';
// Both the client and the model that are generated begin so; they follow from the schema.
const GENERATED = join('src', 'data', 'generated');
const SETTINGS = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'prisma.config.ts',
  join('prisma', 'schema.prisma'),
  join('scripts', 'build.mjs'),
  join('scripts', 'data-model-generator.ts'),
];

/** A fingerprint of everything that the build reads. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(GENERATED));
  for (const path of [...SETTINGS, ...sources].sort()) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Runs a package's own command line with this Node; its output is shown only if it fails. */
function run(entry, ...args) {
  const done = spawnSync(process.execPath, [join('node_modules', entry), ...args], {
    encoding: 'utf8',
    // Prisma starts our own generator by name; npm would have put its folder there.
    env: { ...process.env, PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter) },
  });
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout}${done.stderr}`);
    process.exit(done.status ?? 1);
  }
}

/** Says on the terminal what is being done; what the gateway writes to its log stays apart. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a step that may take a minute, and says how long it did. */
function step(what, entry, ...args) {
  say(`  ${what} …`);
  const began = performance.now();
  run(entry, ...args);
  say(`  ${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const now = fingerprint();
const built = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === now && existsSync(GENERATED);
if (!built) {
  if (process.argv.includes('--then-start')) run('tsx/dist/cli.mjs', 'scripts/check-settings.ts');
  say('Building Heimdall, once for these sources; it takes a minute or two on a small machine.');
  rmSync('dist', { recursive: true, force: true });
  step('1 of 2, the database client', 'prisma/build/index.js', 'generate');
  step('2 of 2, the gateway', 'typescript/bin/tsc', '-p', 'tsconfig.build.json');
  writeFileSync(STAMP, now);
}
