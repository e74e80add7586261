// `npm start`: builds what is not built, then becomes the gateway. One process from then on, so that a
// signal to stop reaches the gateway and not a shell in front of it; the script of package.json says `exec`
// for the same reason, and says it again without where a shell does not know it. The semi-space that it sets is
// where what a request leaves behind is cleared away: with Node's own 16 MiB that takes a tenth of the process.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Runs the build and hands it every signal to stop meanwhile; answers how it ended. */
async function build() {
  const child = spawn(process.execPath, [join('scripts', 'build.mjs'), '--then-start'], {
    stdio: 'inherit',
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
  const [code, signal] = await new Promise((ended) => {
    child.once('close', (...how) => ended(how));
  });
  for (const name of ['SIGINT', 'SIGTERM']) process.off(name, forward);
  return signal === null ? (code ?? 1) : 1;
}

const failed = await build();
if (failed === 0) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(resolve('dist', 'main.js')).href);
} else {
  process.exitCode = failed;
}
