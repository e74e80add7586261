import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const run = promisify(execFile);

/** Where the programs of the server are, which begin and copy one; undefined: they are not on this machine. */
const binaries = findBinaries();
/** Whether a server can be begun here. */
export const hasServers = binaries !== undefined;

function findBinaries(): string | undefined {
  try {
    const folder = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
    return existsSync(join(folder, 'initdb')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A server of the caller's own. */
export interface Server {
  readonly url: string;
  start(): Promise<void>;
  /** Ends all that is under way at once. */
  stop(): Promise<void>;
  /** The same for who cannot wait, as a process that ends. */
  kill(): void;
}

/** A folder in which servers are begun. */
export interface ServerFolder {
  /** Runs one of the server's programs in the folder. */
  program(name: string, args: readonly string[]): Promise<unknown>;
  /** The server whose data are in a folder of this name, which need not be there yet. */
  server(data: string): Promise<Server>;
  remove(): void;
}

/** Makes the folder, which the server's user owns. */
export function serverFolder(): ServerFolder {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-cluster-'));
  const as = serverUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const program: ServerFolder['program'] = (name, args) =>
    run(join(binaries ?? '', name), [...args], { cwd: folder, ...as });
  return {
    program,
    async server(data) {
      const port = await freePort();
      const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
      const stopping = ['-D', data, '-m', 'immediate', '-w', 'stop'];
      return {
        url: `postgres://postgres@127.0.0.1:${port}/postgres`,
        // It keeps what it is given open, which is why it is given a file.
        start: async () => {
          await program('pg_ctl', ['-D', data, '-o', options, '-l', `${data}.log`, '-w', 'start']);
        },
        stop: async () => {
          await program('pg_ctl', stopping);
        },
        kill: () => {
          execFileSync(join(binaries ?? '', 'pg_ctl'), stopping, {
            cwd: folder,
            stdio: 'ignore',
            ...as,
          });
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes an empty server in a folder, and starts it. */
export async function beginServer(folder: ServerFolder, data: string): Promise<Server> {
  await folder.program('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N']);
  const server = await folder.server(data);
  await server.start();
  return server;
}

/** The server refuses to be root's. */
function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (which: string) =>
    Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
