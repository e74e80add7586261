// Checks the settings as the start does, and nothing else: what is wrong is told before a build.
import { EnvError, readEnv } from '../src/env.js';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIGURATION = 78;

try {
  readEnv();
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  process.stderr.write(`heimdall: ${error.message}\n`);
  process.exitCode = EXIT_CONFIGURATION;
}
