import type { Database } from '../../src/data/clients.js';
import { type GatewayProcess, startGatewayProcess } from '../../test/support/gateway-process.js';
import { Ledger } from './ledger.js';
import { OPERATION_MS, startLoad } from './load.js';
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
  load(options?: {
    readonly readers?: number;
    readonly pauseMs?: number;
    readonly isReadOnly?: boolean;
  }): void;
  /** Ends load and gateways. */
  end(): Promise<void>;
}

/** A line of a gateway's log that no fault excuses. */
const SURPRISE = /"level":(50|60)|INTERNAL_SERVER_ERROR|unexpected error|the compiled path failed/;

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
      urls.push(gateway.url);
      return gateway;
    },
    load(options = {}) {
      loads.add(startLoad({ planted, ledger, tally, urls: () => urls, ...options }));
    },
    async end() {
      await Promise.all([...loads].map((load) => load.stop()));
      await Promise.all([...gateways].map((gateway) => gateway.stop()));
    },
  };
}
