import { execFileSync } from 'node:child_process';
import { findNode24 } from '../run/node-24.js';

/** A Node to run the gateway on. */
export interface Node {
  readonly version: string;
  readonly binary: string;
}

/** The one that runs this, and a newer one where the package that has it is installed. */
export function findNodes(progress: (line: string) => void): Node[] {
  const own = { version: process.version, binary: process.execPath };
  const binary = findNode24();
  if (binary === undefined) {
    progress('only the Node that runs this: npm ci --prefix bench brings Node 24 for Linux on x64');
    return [own];
  }
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  return version === own.version ? [own] : [own, { version, binary }];
}
