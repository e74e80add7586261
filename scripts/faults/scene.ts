import { setTimeout } from 'node:timers/promises';
import type { Database } from '../../src/data/clients.js';
import { type GatewayProcess, startGatewayProcess } from '../../test/support/gateway-process.js';
import { leave } from './leave.js';
import { Ledger } from './ledger.js';
import { type LoadOptions, OPERATION_MS, startLoad } from './load.js';
import { Tally } from './tally.js';
import { type Planted, plant } from './world.js';

/** What a fault happens to: gateways under load, and what is counted of it. */
export interface Scene {
  readonly planted: Planted;
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** The gateways' addresses, as they are now. */
  readonly urls: string[];
  gateway(settings?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  load(options?: Pick<LoadOptions, 'readers' | 'documents' | 'pauseMs' | 'writePauseMs'>): void;
  /** Ends load and gateways. */
  end(): Promise<void>;
}

/** The time that a gateway has to end (HEIMDALL_STOP_TIMEOUT_MS), and what a busy machine takes besides. */
const STOP_MS = 20_000;

/** A line of a gateway's log that no fault excuses. */
const SURPRISE =
  /"level":(50|60)|INTERNAL_SERVER_ERROR|unexpected error|the (compiled path failed|paths answered differently)/;

/** @param databaseUrl null: an embedded database, whose folder is among the settings of {@link Scene.gateway} */
export async function setScene(databaseUrl: string | null, database: Database): Promise<Scene> {
  const planted = await plant(database);
  const ledger = new Ledger();
  const tally = new Tally();
  const urls: string[] = [];
  const gateways = new Set<GatewayProcess>();
  const loads = new Set<{ stop(): Promise<void> }>();
  const heed = (text: string): void => {
    for (const line of text.split('\n')) {
      if (SURPRISE.test(line)) tally.blame(`the log says ${line.slice(0, 300)}`);
    }
  };
  return {
    planted,
    ledger,
    tally,
    urls,
    async gateway(settings = {}) {
      const limits = { HEIMDALL_OPERATION_TIMEOUT_MS: String(OPERATION_MS) };
      const all = { NODE_ENV: 'production', ...limits, ...settings };
      const gateway = await startGatewayProcess(databaseUrl, all, heed);
      gateways.add(gateway);
      leave(() => process.kill(gateway.pid, 'SIGKILL'));
      urls.push(gateway.url);
      return gateway;
    },
    load(options = {}) {
      loads.add(startLoad({ planted, ledger, tally, urls: () => urls, ...options }));
    },
    async end() {
      await Promise.all([...loads].map((load) => load.stop()));
      await Promise.all([...gateways].map(stopped));
    },
  };
}

/** One that does not stop within its time is at fault as well, and is not waited for. */
async function stopped(gateway: GatewayProcess): Promise<void> {
  const given = new AbortController();
  const late = setTimeout(STOP_MS, 'late', { signal: given.signal }).catch(() => {});
  if ((await Promise.race([gateway.stop(), late])) === 'late') await gateway.kill();
  given.abort();
}
