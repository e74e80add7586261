import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseUnavailableError } from './database.js';

const BEAT_MS = 1_000;
/** A lease that nobody has renewed while we looked on for so long is of a process that is gone. */
const STALE_MS = 10_000;
/** Of two that claimed at once the last one has it; and who lost it has had a beat to notice. */
const SETTLE_MS = 1_500;

const held = new Set<string>();

/**
 * Claims a folder where the kernel cannot be asked: by a file with a random token and a number that
 * goes up while its owner lives. Who finds one looks on for ten seconds, by its own clock, and takes
 * it over if nothing changes; so a start after a crash takes as long.
 *
 * It is weaker than a lock, and there is no better without one: a process that was suspended, or busy with
 * one statement, for longer than that loses the folder. It notices at its next beat and ends at once.
 *
 * Throws {@link DatabaseUnavailableError} when another one has it.
 */
export async function leaseFolder(
  folder: string,
  onLost: () => void = endAtOnce,
): Promise<() => Promise<void>> {
  const file = `${resolve(folder)}.lease`;
  const token = randomUUID();
  const taken = () =>
    new DatabaseUnavailableError(`the embedded database in ${folder} is in use by another process`);
  if (held.has(file)) throw taken();
  held.add(file);
  let count = 0;
  try {
    if (await isRenewed(file)) throw taken();
    await write(file, token, count);
    await setTimeout(SETTLE_MS);
    if (!(await read(file)).startsWith(token)) throw taken();
  } catch (error) {
    held.delete(file);
    throw error;
  }
  let beating: Promise<void> = Promise.resolve();
  const beat = setInterval(() => {
    beating = beating.then(async () => {
      const now = await read(file).catch(() => undefined);
      // A disk that cannot be read for a moment has not given the folder to another.
      if (now === undefined) return;
      if (!now.startsWith(token)) return onLost();
      count += 1;
      await write(file, token, count).catch(() => {});
    });
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await beating;
    held.delete(file);
    if ((await read(file)).startsWith(token)) await rm(file, { force: true });
  };
}

async function isRenewed(file: string): Promise<boolean> {
  const first = await read(file);
  if (first === '') return false;
  const until = performance.now() + STALE_MS;
  while (performance.now() < until) {
    await setTimeout(BEAT_MS / 4);
    const now = await read(file);
    if (now === '') return false;
    if (now !== first) return true;
  }
  return false;
}

/** Nothing if there is no lease. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Whole or not at all: half a lease would be nobody's. */
async function write(file: string, token: string, count: number): Promise<void> {
  const draft = `${file}.${token}`;
  try {
    await writeFile(draft, `${token} ${count}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    throw new DatabaseUnavailableError(`the lease ${file} cannot be written`, { cause: error });
  }
}

function endAtOnce(): void {
  process.stderr.write('heimdall: another process has taken over the embedded database\n');
  process.exit(1);
}
