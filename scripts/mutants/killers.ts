import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join('scripts', 'mutants', 'killers.json');

/** By the name of a bug, the test file that noticed it the last time. */
export type Killers = Map<string, string>;

/** Those that are known, and whose file still exists. */
export function readKillers(): Killers {
  if (!existsSync(FILE)) return new Map();
  const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>;
  return new Map(Object.entries(kept).filter(([, file]) => existsSync(file)));
}

/** Keeps those of the given bugs, in their order. */
export function writeKillers(killers: Killers, names: readonly string[]): void {
  const kept = names.flatMap((name) => {
    const file = killers.get(name);
    return file === undefined ? [] : [[name, file]];
  });
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
