// Starts the gateway with `npm start` on a free port with an empty data folder, asks it one question
// over HTTP, and stops it again by a signal to npm: what a newcomer and a process manager do first must work.
// With the path of a Node it starts what is built on that one, as a container does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWER, ask, freePort, start } from './gateway.mjs';

// Only what a fresh machine would set: no database, no secret, nothing of the developer's own.
const { PATH, HOME } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'heimdall-smoke-'));
const port = await freePort();
const [node] = process.argv.slice(2);
const [command, ...args] = node
  ? [node, '--enable-source-maps', join('dist', 'main.js')]
  : ['npm', 'start'];
const env = { PATH, HOME, PORT: String(port), HEIMDALL_DATA_DIR: join(folder, 'data') };
const gateway = start(command, args, { env });

const answer = await gateway.firstAnswer(port, 60_000);
const mistakes = answer === ANSWER ? [] : [`unexpected answer: ${answer}`];
mistakes.push(...(await gateway.stop()));
if (await ask(port).catch(() => undefined)) mistakes.push('the gateway outlived what started it');
rmSync(folder, { recursive: true, force: true });

if (mistakes.length > 0) {
  console.error(`${mistakes.join('\n')}\n--- the gateway's output\n${gateway.output()}`);
  process.exitCode = 1;
} else {
  console.log(`answered: ${answer}`);
}
