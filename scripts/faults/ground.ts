import { type Database, openDatabase } from '../../src/data/clients.js';
import { bringUpToDate } from '../../src/data/up-to-date.js';
import { beginServer, type Server, serverFolder } from '../../test/support/postgres.js';
import { leave } from './leave.js';

/** A server of the run's own. */
export interface Ground {
  readonly server: Server;
  /** A migrated database on it, for one fault; whoever has it closes it. */
  fresh(): Promise<{ readonly url: string; readonly database: Database }>;
  close(): Promise<void>;
}

const TEMPLATE = 'template';

/** Begins a server, and migrates a database on it from which all others are copied. */
export async function breakGround(): Promise<Ground> {
  const folder = serverFolder();
  const server = await beginServer(folder, 'data');
  leave(() => {
    server.kill();
    folder.remove();
  });
  const open = (name: string) => openDatabase({ url: named(server.url, name), poolSize: 4 });
  const make = async (name: string, more = ''): Promise<void> => {
    const maker = await openDatabase({ url: server.url, poolSize: 1 });
    await maker.sql.query(`CREATE DATABASE "${name}" ${more}`);
    await maker.close();
  };
  let made = 0;
  return {
    server,
    async fresh() {
      if (made === 0) {
        await make(TEMPLATE);
        const template = await open(TEMPLATE);
        await bringUpToDate(template);
        await template.close();
      }
      const name = `fault_${++made}`;
      await make(name, `TEMPLATE "${TEMPLATE}"`);
      return { url: named(server.url, name), database: await open(name) };
    },
    async close() {
      await server.stop().catch(() => {});
      folder.remove();
    },
  };
}

function named(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${database}`;
  return result.href;
}
