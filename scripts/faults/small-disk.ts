import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leave } from './leave.js';

const DISK_MB = 256;
const CHUNK = 64 * 1024;

/** A file system of its own, in memory and small. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no byte free. */
  fill(): void;
  /** Gives back what {@link fill} took. */
  free(): void;
  /** Lets nothing be written by its path any more. */
  forbid(): void;
  /** Takes back what {@link forbid} did. */
  allow(): void;
  remove(): void;
}

/** Mounts one, which only root may. */
export function smallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder]);
  let isForbidden = false;
  const allow = (): void => {
    if (isForbidden) execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    isForbidden = false;
  };
  const remove = (): void => {
    allow();
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  leave(remove);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      const chunk = Buffer.alloc(CHUNK);
      try {
        while (statfsSync(folder).bavail > 0) appendFileSync(filler, chunk);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(filler, { force: true }),
    forbid() {
      // What is written to is not made read-only; another mount of it is, and comes in front.
      const view = mkdtempSync(join(tmpdir(), 'heimdall-read-only-'));
      execFileSync('mount', ['--bind', folder, view]);
      execFileSync('mount', ['-o', 'remount,bind,ro', view]);
      execFileSync('mount', ['--bind', view, folder]);
      isForbidden = true;
      execFileSync('umount', ['-l', view]);
      rmdirSync(view);
    },
    allow,
    remove,
  };
}
