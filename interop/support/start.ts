import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Where a program of ours listens, and how to end it. */
export interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript program of this repository as a process of its own, and waits until it says at
 * which URL it listens; it is told nothing of this process's environment but where programs are.
 */
export async function start(
  script: string,
  env: Readonly<Record<string, string>>,
  line: RegExp,
): Promise<Started> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', TSX, script], {
    // Away from the repository, where a developer may have an .env of their own.
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        const found = line.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('close', () => reject(new Error(`${script} ended: ${output}`)));
  });
  return {
    url: await url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
