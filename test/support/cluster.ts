import { beginServer, hasServers, type Server, serverFolder } from './postgres.js';

/** Whether a primary and its standby can be begun here. */
export const hasClusters = hasServers;

/** A primary, and a standby that replays what it writes. */
export interface Cluster {
  readonly primary: Server;
  readonly standby: Server;
  close(): Promise<void>;
}

/** Begins a cluster and copies it; both run. */
export async function startCluster(): Promise<Cluster> {
  const folder = serverFolder();
  const primary = await beginServer(folder, 'primary');
  const copying = ['-D', 'standby', '-R', '-X', 'stream', '-c', 'fast', '-d', primary.url];
  await folder.program('pg_basebackup', copying);
  const standby = await folder.server('standby');
  await standby.start();
  return {
    primary,
    standby,
    async close() {
      await Promise.allSettled([standby.stop(), primary.stop()]);
      folder.remove();
    },
  };
}
