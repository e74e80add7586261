import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
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
  remove(): void;
}

/** Mounts one, which only root may. */
export function smallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder]);
  const remove = (): void => {
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
    remove,
  };
}
