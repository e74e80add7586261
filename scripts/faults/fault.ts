import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayProcess } from '../../test/support/gateway-process.js';
import type { Ground } from './ground.js';
import { type Scene, setScene } from './scene.js';
import { type Excuse, RECOVERY_MS, type Tally } from './tally.js';

/** What a run is given. */
export interface Given {
  readonly ground: Ground;
  /** How long a fault lasts that can last as long as one likes. */
  readonly seconds: number;
  /** How many requests memory is watched over. */
  readonly requests: number;
}

/** What came of a fault. */
export interface Measured {
  readonly tally: Tally;
  /** Writes that were acknowledged, each of which was found again. */
  readonly acknowledged: number;
  /** What is to be said besides. */
  readonly note?: string;
}

/** One thing that goes wrong in the field. */
export interface Fault {
  readonly name: string;
  readonly says: string;
  run(given: Given): Promise<Measured>;
}

const CALM_MS = 3_000;

export interface Happening {
  readonly settings?: Readonly<Record<string, string>>;
  readonly readers?: number | undefined;
  readonly documents?: number | undefined;
  readonly pauseMs?: number | undefined;
  readonly writePauseMs?: number | undefined;
  readonly excuse: Excuse;
  /** How long all must be well afterwards, the time to recover included. */
  readonly afterMs?: number;
  /** What goes wrong; once it returns it is over. What it returns is said in the table. */
  readonly happen: (
    scene: Scene,
    gateway: GatewayProcess,
    databaseUrl: string,
  ) => Promise<string | undefined>;
}

/** Lets something happen to a gateway on a server under a steady load, and looks at every answer and every row. */
export async function underLoad(ground: Ground, happening: Happening): Promise<Measured> {
  const { settings, readers, documents, pauseMs, writePauseMs, excuse, happen } = happening;
  const { url, database } = await ground.fresh();
  const scene = await setScene(url, database);
  const { tally, ledger, planted } = scene;
  try {
    const gateway = await scene.gateway(settings);
    scene.load({ readers, documents, pauseMs, writePauseMs });
    await sleep(CALM_MS);
    tally.begin(excuse);
    const note = await happen(scene, gateway, url);
    tally.over();
    await sleep(happening.afterMs ?? RECOVERY_MS + CALM_MS);
    await scene.end();
    for (const one of await ledger.wrong(database.sql, planted)) tally.blame(one);
    return { tally, acknowledged: ledger.acknowledged, ...(note === undefined ? {} : { note }) };
  } finally {
    await scene.end();
    await database.close();
  }
}
