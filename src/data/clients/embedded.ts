import { PGlite, type Transaction } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { FolderError, makeFolder } from '../folders.js';
import { PrismaClient } from '../generated/client.js';
import { refusingAborted } from './aborted.js';
import {
  type Database,
  type DatabaseOptions,
  DatabaseUnavailableError,
  type Sql,
} from './database.js';
import { keepingRoom } from './disk-room.js';
import { lockFolder } from './folder-lock.js';
import { type AdapterFactory, observed, overlay } from './observe.js';
import { reached, tellingUnreachable } from './unreachable.js';

const DEFAULT_FOLDER = '.heimdall/data';

export interface EmbeddedOptions extends Omit<DatabaseOptions, 'url' | 'poolSize'> {
  /** A dump to start from instead of an empty database. */
  readonly template?: Blob;
}

/** An embedded database can also be dumped, to be the template of others. */
export type EmbeddedDatabase = Database & { dump(): Promise<Blob> };

/**
 * Opens the PostgreSQL that runs inside of this process. Throws {@link DatabaseUnavailableError}
 * when another process has the folder open or the folder cannot be used.
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const folder = options.folder ?? DEFAULT_FOLDER;
  const inMemory = folder.startsWith('memory://');
  if (!inMemory) makeDataFolder(folder);
  const release = inMemory ? async () => {} : await lockFolder(folder);
  let pglite: PGlite;
  try {
    const opened = await PGlite.create(
      folder,
      options.template && { loadDataDir: options.template },
    );
    // The adapter takes every timestamp for UTC.
    await opened.exec(`SET TIME ZONE 'UTC'`);
    pglite = inMemory ? opened : keepingRoom(opened, folder);
  } catch {
    await release();
    throw new DatabaseUnavailableError(
      `the folder ${folder} does not hold a usable embedded database`,
    );
  }
  const client = new PrismaClient({
    adapter: observed(refusingAborted(tellingUnreachable(adapterFactory(pglite))), options),
    errorFormat: 'minimal',
    queryPlanCacheMaxSize: (options.limits ?? DEFAULT_LIMITS).queryPlans,
  });
  return {
    client,
    kind: 'embedded',
    isReadOnly: false,
    sql: { ...plain(pglite), transaction: (work) => pglite.transaction((tx) => work(plain(tx))) },
    compiled: async (text, values) => {
      options.onQuery?.(text);
      const read = pglite.query<{ answer: string | null }>(text, [...values]);
      return (await reached(read)).rows;
    },
    async listen(channels, heard) {
      const ends = await Promise.all(
        channels.map((one) => pglite.listen(one, (payload) => heard(one, payload))),
      );
      return async () => {
        for (const end of ends) await end();
      };
    },
    async close() {
      await client.$disconnect();
      await pglite.close();
      await release();
    },
    dump: () => pglite.dumpDataDir('none'),
  };
}

/**
 * The adapter reports a commit that failed as one that succeeded: the rejection of PGlite's
 * transaction is lost on a promise that was already resolved. It is kept here and thrown.
 */
function adapterFactory(pglite: PGlite): AdapterFactory {
  return {
    provider: 'postgres',
    adapterName: 'pglite-prisma-adapter',
    async connect() {
      const adapter = await new PrismaPGlite(pglite).connect();
      return overlay(adapter, {
        async startTransaction(isolation) {
          let failure: { error: unknown } | undefined;
          const watched = overlay(pglite, {
            transaction: (work: (tx: Transaction) => Promise<unknown>) =>
              pglite.transaction(work).catch((error: unknown) => {
                failure = { error };
                throw error;
              }),
          } as Partial<PGlite>);
          const own = await new PrismaPGlite(watched).connect();
          const transaction = await own.startTransaction(isolation);
          return overlay(transaction, {
            async commit() {
              await transaction.commit();
              if (failure) throw failure.error;
            },
          });
        },
      });
    },
  };
}

/** The folder for the database; says why it cannot be made. */
function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    if (error instanceof FolderError) throw new DatabaseUnavailableError(error.message);
    throw error;
  }
}

function plain(pglite: PGlite | Transaction): Sql {
  return {
    async query<Row>(text: string, params: readonly unknown[] = []) {
      return (await pglite.query<Row>(text, [...params])).rows;
    },
    async script(text) {
      await pglite.exec(text);
    },
  };
}
