import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/data/clients.js';
import { FolderError, makeFolder } from '../../src/data/folders.js';
import { keptSecret } from '../../src/identity/kept-secret.js';

// Where this goes wrong it does not fail: it never ends.
describe('10.7 a folder is made step by step', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'heimdall-folders-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('as deep as need be, and is left alone where it is there', () => {
    const folder = join(parent, 'a', 'b', 'c');
    makeFolder(folder, 0o700);
    makeFolder(folder, 0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    symlinkSync(folder, join(parent, 'link'));
    makeFolder(join(parent, 'link', 'd'));
    expect(statSync(join(folder, 'd')).isDirectory()).toBe(true);
  });

  it('below a link that leads nowhere, a file, and in /proc: no, and why', async () => {
    symlinkSync(join(parent, 'nowhere'), join(parent, 'dangling'));
    writeFileSync(join(parent, 'file'), '');
    const cases: readonly (readonly [string, RegExp])[] = [
      [join(parent, 'dangling'), /dangling is a file, or a link that leads nowhere$/],
      [join(parent, 'dangling', 'a', 'b'), /dangling is a file, or a link that leads nowhere$/],
      [join(parent, 'file', 'a'), /file is a file, or a link that leads nowhere$/],
    ];
    for (const [folder, why] of cases) {
      expect(() => makeFolder(folder)).toThrow(why);
      expect(() => makeFolder(folder)).toThrow(FolderError);
      await expect(openDatabase({ folder })).rejects.toThrow(why);
      expect(() => keptSecret(join(folder, 'development.secret'))).toThrow(/file|link|ENOTDIR/);
    }
    if (process.platform === 'linux') {
      expect(() => makeFolder('/proc/heimdall/a')).toThrow(
        /cannot be made: \/proc\/heimdall \(ENOENT\)/,
      );
      await expect(openDatabase({ folder: '/proc/heimdall/a' })).rejects.toThrow(/cannot be made/);
    }
  });

  it.skipIf(process.getuid?.() === 0)('where nothing may be written: no, and why', () => {
    chmodSync(parent, 0o500);
    expect(() => makeFolder(join(parent, 'a'))).toThrow(/EACCES/);
  });
});
