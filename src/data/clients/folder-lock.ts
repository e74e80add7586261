import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseUnavailableError } from './database.js';

const BEAT_MS = 2_000;
/** A lock without a beat for so long is left over from a process that was killed. */
const STALE_MS = 10_000;

const TOKEN = randomUUID();
const held = new Set<string>();

/**
 * Claims a folder for this process and returns how to release it. Two processes writing to one
 * embedded database would destroy it, and PGlite itself does not notice.
 * Throws {@link DatabaseUnavailableError} when another one has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${resolve(folder)}.lock`;
  const taken = () =>
    new DatabaseUnavailableError(`the embedded database in ${folder} is in use by another process`);
  if (held.has(file)) throw taken();
  held.add(file);
  try {
    if (!(await claim(file))) {
      if (await isAlive(file)) throw taken();
      await rm(file, { force: true });
      // Two that start at once may both have removed the old lock: the last one to write has it.
      if (!(await claim(file)) || !(await isStillOurs(file))) throw taken();
    }
  } catch (error) {
    held.delete(file);
    throw error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    held.delete(file);
    await rm(file, { force: true });
  };
}

async function claim(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid} ${hostname()} ${TOKEN}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new DatabaseUnavailableError(`the lock ${file} cannot be written`);
  }
}

async function isStillOurs(file: string): Promise<boolean> {
  await setTimeout(100);
  return (await readFile(file, 'utf8').catch(() => '')).includes(TOKEN);
}

async function isAlive(file: string): Promise<boolean> {
  const [text, info] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch(() => [
    '',
    null,
  ]);
  if (typeof text !== 'string' || !info || typeof info === 'string') return false;
  const [pid, host] = text.trim().split(' ');
  // On this machine a process can be asked for; our own id is that of an earlier life.
  if (host === hostname() && (Number(pid) === process.pid || !isRunning(Number(pid)))) return false;
  return Date.now() - info.mtimeMs < STALE_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
