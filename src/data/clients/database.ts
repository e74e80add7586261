import type { Limits } from '../../limits/limits.js';
import type { Traced } from '../../telemetry/traced.js';
import type { PrismaClient } from '../generated/client.js';
import type { Asked } from '../given-up.js';
import type { Listen } from '../listen.js';
import type { Pooler } from './session.js';

/** Plain SQL, for what runs before or beside the Prisma client: migrations, health, tests. */
export interface Sql {
  /** Runs one statement with `$1`-style parameters and returns its rows. */
  query<Row = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Runs a script of any number of statements, without parameters. */
  script(text: string): Promise<void>;
}

/** Plain SQL that can also hold a transaction: committed when `work` resolves, else rolled back. */
export interface TransactionalSql extends Sql {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

/**
 * Sends a compiled statement; its only row, if any, is the text of an answer. It ends with what it is sent for. Throws UNAVAILABLE
 * where the database is away.
 */
export type SendCompiled = (
  text: string,
  values: readonly unknown[],
  asked?: Asked,
) => Promise<readonly { readonly answer: string | null }[]>;

/** A replica beside the primary. */
export interface Replica {
  /** Sends a statement to the replica where that has all that was committed before, and else to the primary. */
  readonly send: SendCompiled;
  /** How many statements went where. */
  readonly reads: () => { readonly replica: number; readonly primary: number };
  readonly end: (deadlineMs: number) => Promise<void>;
}

/** Connections to a server, those of compiled reads included. */
export interface Connections {
  readonly open: number;
  readonly idle: number;
  /** Statements that wait for one. */
  readonly waiting: number;
}

/** An open database. INVARIANT: its `client` is not enforced; only listed importers may hold it. */
export interface Database {
  readonly client: PrismaClient;
  readonly kind: 'embedded' | 'server';
  /** Whether nothing can be written, as on a replica. */
  readonly isReadOnly: boolean;
  readonly sql: TransactionalSql;
  /** Undefined where nothing can be prepared, as through a pooler. */
  readonly compiled: SendCompiled | undefined;
  /** Undefined where there is none. */
  readonly replica?: Replica | undefined;
  /** How many connections to a server there are; undefined where there is none. */
  readonly connections?: (() => Connections) | undefined;
  /** Hears what is notified; undefined where nothing can be heard, as through a pooler. */
  readonly listen: Listen | undefined;
  /** Lets go of it. Connections that are still busy after so long are broken off. */
  close(deadlineMs?: number): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server. Without it, the embedded database is opened. */
  readonly url?: string | undefined;
  /** Where the embedded database lives; `memory://` keeps it in memory. Default `.heimdall/data`. */
  readonly folder?: string | undefined;
  /** What lies in between: through a pooler a session cannot be relied on. Default `none`. */
  readonly pooler?: Pooler | undefined;
  /** A server that replays what the one at `url` writes: compiled reads go there when it is as far. */
  readonly replicaUrl?: string | undefined;
  /** Is told when the replica cannot be asked, and null when it can be again. */
  readonly onReplica?: ((error: Error | null) => void) | undefined;
  /** Connections to a server. Default 10. */
  readonly poolSize?: number | undefined;
  /** How long a statement may run on a server, in milliseconds. Default: as the server says, and for as long as it takes. */
  readonly statementTimeoutMs?: number | undefined;
  /** To connect to a server and for what connections keep. Default: those of every gateway. */
  readonly limits?: Limits | undefined;
  /** Sees the text of every statement that the client sends, `BEGIN` and `COMMIT` included. */
  readonly onQuery?: ((sql: string) => void) | undefined;
  /** Traces each statement of the client. */
  readonly traced?: Traced | undefined;
}

/** The database cannot be used; the message is one sentence for an operator, without any secret. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}
