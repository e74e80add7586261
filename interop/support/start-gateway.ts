import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { start } from './start.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the gateway listens, without a slash at the end. */
    readonly gateway: string;
  }
}

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** One gateway for all tests, as it starts at a newcomer's: embedded database, demo world. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-interop-'));
  const env = { PORT: '0', HEIMDALL_DATA_DIR: join(folder, 'data') };
  const gateway = await start(MAIN, env, /"url":"([^"]+)"[^\n]*"listening"/);
  project.provide('gateway', gateway.url);
  return async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
