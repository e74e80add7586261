import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PAGE = 'docs/adding-a-resource.md';

interface Block {
  readonly language: string;
  readonly file: string;
  readonly lines: readonly string[];
}

/** The blocks of the page that name a file. */
function blocks(): Block[] {
  const found = readFileSync(PAGE, 'utf8').matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language = '', file = '', text = '']) => ({
    language,
    file,
    lines: text.trimEnd().split('\n'),
  }));
}

/** Does what a block says, as the page explains it. */
function follow(root: string, { language, file, lines }: Block): void {
  const path = join(root, file);
  if (language === 'diff') {
    insert(path, lines);
  } else if (existsSync(path)) {
    appendFileSync(path, `\n${lines.join('\n')}\n`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${lines.join('\n')}\n`);
  }
}

function insert(path: string, lines: readonly string[]): void {
  const text = readFileSync(path, 'utf8').split('\n');
  let at = -1;
  for (const line of lines) {
    if (line.startsWith('+')) {
      at += 1;
      text.splice(at, 0, line.slice(1));
      continue;
    }
    at = text.indexOf(line.slice(1));
    if (at === -1) throw new Error(`${path} has no line "${line.slice(1)}"`);
  }
  writeFileSync(path, text.join('\n'));
}

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'heimdall-tutorial-'));
  for (const part of [
    'src',
    'prisma',
    'scripts',
    'test/support',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(part, join(copy, part), { recursive: true });
  }
  cpSync('prisma.config.ts', join(copy, 'prisma.config.ts'));
  cpSync('vitest.config.ts', join(copy, 'vitest.config.ts'));
  cpSync('test/tutorial/note.ts', join(copy, 'test/tutorial/note.test.ts'));
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(...command: readonly string[]): string {
  const [program = '', ...args] = command;
  const { TEST_DATABASE_URL: _server, HEIMDALL_TEST_ON: _on, VITEST: _inner, ...env } = process.env;
  const done = spawnSync(program, args, { cwd: copy, env, encoding: 'utf8' });
  const said = `${done.stdout}\n${done.stderr}`;
  if (done.status !== 0) throw new Error(`${command.join(' ')} failed:\n${said}`);
  return said;
}

test('a type with owners, a cascade and relations takes six files and 150 lines', () => {
  const all = blocks();
  expect(new Set(all.map(({ file }) => file)).size).toBe(6);
  const added = all.flatMap(({ language, lines }) =>
    language === 'diff' ? lines.filter((line) => line.startsWith('+')) : lines,
  );
  expect(added.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(150);
});

test('who follows the page has a type that is listed, guarded and resolved', () => {
  for (const block of blocks()) follow(copy, block);
  run('npx', 'prisma', 'generate');
  const checked = { extends: './tsconfig.json', include: ['src', 'test'] };
  writeFileSync(join(copy, 'tsconfig.tutorial.json'), JSON.stringify(checked));
  run('npx', 'tsc', '-p', 'tsconfig.tutorial.json');
  expect(run('npx', 'tsx', 'scripts/check-drift.ts')).not.toContain('note');
  expect(run('npx', 'vitest', 'run', '--project=embedded', 'test/tutorial/note.test.ts')).toContain(
    'passed',
  );
}, 240_000);
