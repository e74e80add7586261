import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A folder cannot be made; one sentence for an operator. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/**
 * Makes a folder and those that it lies in, with `mode` where they are new.
 *
 * Step by step, because Node's own way of it tries for ever, at full speed, where a folder is there and
 * nothing can be made in it: below a link that leads nowhere, or in /proc.
 *
 * @throws FolderError
 */
export function makeFolder(folder: string, mode?: number): void {
  const path = resolve(folder);
  for (const step of stepsTo(path)) {
    try {
      mkdirSync(step, { mode });
    } catch (error) {
      if (isFolder(step)) continue;
      throw new FolderError(`the folder ${path} cannot be made: ${why(step, error)}`);
    }
  }
}

/** From the root down, the folder itself last. */
function stepsTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...stepsTo(parent), path];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function why(step: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  // Something is there, and it leads to no folder.
  return code === 'EEXIST'
    ? `${step} is a file, or a link that leads nowhere`
    : `${step} (${code})`;
}
