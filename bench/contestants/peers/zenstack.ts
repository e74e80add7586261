import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Contestant } from '../contestant.js';
import { gatewayCanonical, gatewayRequest } from '../heimdall-requests.js';
import { assertInstalled } from './installed.js';

/** ZenStack 3, whose schema carries the policies. */
export const zenStack: Contestant = {
  name: 'zenstack',
  what: 'Yoga over ZenStack 3 with its policy plugin',
  entry: 'peers/zenstack/process.ts',
  workloads: ['Q1', 'Q2', 'Q3', 'Q4', 'Q6', 'Q8'],
  async prepare() {
    assertInstalled();
    // Apart, for its generator takes the global __dirname of Prisma's client for its own.
    await promisify(execFile)(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('./zenstack/generate.ts', import.meta.url)),
    ]);
  },
  request: gatewayRequest,
  canonical: gatewayCanonical,
};
