import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseUnavailableError } from './database.js';
import { leaseFolder } from './folder-lease.js';

/** What `flock` answers where another has the lock, unless told otherwise. */
const TAKEN = 1;
/** O_EXLOCK of the BSDs, which open(2) takes: opened and locked at once. Node has no name for it. */
const O_EXLOCK = 0x20;
const LOCKING_OPEN: readonly NodeJS.Platform[] = ['darwin', 'freebsd', 'openbsd'];

/**
 * Claims a folder for this process and returns how to release it. Two processes writing to one
 * embedded database would destroy it, and PGlite itself does not notice.
 *
 * The kernel decides, by a lock on a file beside the folder: it knows nothing of process ids and host
 * names, which containers share, holds while this process is busy, and is gone with it at once. Node
 * cannot lock a file, so `flock` of util-linux or BusyBox does it: a lock belongs to the open file,
 * which it inherits from us and we go on holding. Where there is no such program, a lease has to do
 * ({@link leaseFolder}).
 *
 * Throws {@link DatabaseUnavailableError} when another one has it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${resolve(folder)}.lock`;
  const lock = LOCKING_OPEN.includes(process.platform) ? openLocked(file) : flock(file);
  if (lock === 'taken') {
    throw new DatabaseUnavailableError(
      `the embedded database in ${folder} is in use by another process`,
    );
  }
  if (lock === 'unknown') return leaseFolder(folder);
  // The file stays: another process may have opened it, and would lock what nobody finds any more.
  return async () => closeSync(lock);
}

type Lock = number | 'taken' | 'unknown';

function flock(file: string): Lock {
  const descriptor = openLock(file, constants.O_RDWR | constants.O_CREAT);
  const { status } = spawnSync('flock', ['-x', '-n', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  });
  if (status === 0) return descriptor;
  closeSync(descriptor);
  return status === TAKEN ? 'taken' : 'unknown';
}

function openLocked(file: string): Lock {
  try {
    return openLock(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK);
  } catch (error) {
    const { code } = (error as Error).cause as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 'taken';
    // Some file systems have no locks.
    if (code === 'ENOTSUP' || code === 'EOPNOTSUPP') return 'unknown';
    throw error;
  }
}

function openLock(file: string, flags: number): number {
  try {
    return openSync(file, flags, 0o600);
  } catch (error) {
    throw new DatabaseUnavailableError(`the lock ${file} cannot be written`, { cause: error });
  }
}
