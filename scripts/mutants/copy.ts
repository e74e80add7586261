import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutant.js';

/** What the tests of the hunt read. */
const PARTS = [
  'src',
  'prisma',
  'scripts',
  'test',
  'docs',
  'schema.graphql',
  'schema.subgraph.graphql',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** As many copies of the project as asked for, all alike, to be removed again. */
export function makeCopies(count: number): string[] {
  const copies: string[] = [];
  for (let made = 0; made < count; made++) {
    const copy = realpathSync(mkdtempSync(join(tmpdir(), 'heimdall-mutants-')));
    // Of the first one: the project may be edited in the meantime.
    const from = copies[0] ?? '.';
    copies.push(copy);
    for (const part of PARTS) cpSync(join(from, part), join(copy, part), { recursive: true });
    linkPackages(join(copy, 'node_modules'));
  }
  return copies;
}

/** The packages are shared, what the tools and the tests keep beside them is each copy's own. */
function linkPackages(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync('node_modules')) {
    if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(folder, name));
  }
}

export function removeCopies(copies: readonly string[]): void {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
}

/** Does something while the bug is in a copy. */
export async function withBug<Result>(
  copy: string,
  mutant: Mutant,
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(copy, mutant.file);
  const original = readFileSync(path);
  writeFileSync(path, planted(copy, mutant));
  try {
    return await work();
  } finally {
    writeFileSync(path, original);
  }
}

/** A file with the bug in it. Throws unless there is one place for it. */
export function planted(root: string, { name, file, find, replace }: Mutant): string {
  const original = readFileSync(join(root, file), 'utf8');
  if (original.split(find).length !== 2) throw new Error(`${name}: not found once in ${file}`);
  return original.replace(find, () => replace);
}
