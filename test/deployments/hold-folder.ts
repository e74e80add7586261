// Opens the embedded database of a folder as a process of its own, says so, and holds it until it is ended.
// It takes itself for the process that its environment names: so do containers that share a host name.

import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

Object.defineProperty(process, 'pid', { value: 1 });
os.hostname = () => 'gateway';
syncBuiltinESMExports();

const { lockFolder } = await import('../../src/data/clients/folder-lock.js');
try {
  await lockFolder(process.argv[2] ?? '');
  process.stdout.write('held\n');
  setInterval(() => {}, 1_000);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
