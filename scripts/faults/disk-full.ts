import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbedded } from '../../src/data/clients/embedded.js';
import { bringUpToDate } from '../../src/data/up-to-date.js';
import type { Fault } from './fault.js';
import { type Scene, setScene } from './scene.js';
import { type SmallDisk, smallDisk } from './small-disk.js';
import { RECOVERY_MS } from './tally.js';

const CALM_MS = 3_000;

/** A gateway with an embedded database: one statement at a time. */
const LOAD = { readers: 4, pauseMs: 100 };

export const diskFull = harmed(
  'disk-full',
  'the disk of the embedded database is full, and has room again',
  { harm: (disk) => disk.fill(), heal: (disk) => disk.free() },
);

export const diskReadOnly = harmed(
  'disk-read-only',
  'the folder of the embedded database can only be read, and can be written again',
  { harm: (disk) => disk.forbid(), heal: (disk) => disk.allow() },
);

interface Harm {
  readonly harm: (disk: SmallDisk) => void;
  readonly heal: (disk: SmallDisk) => void;
}

function harmed(name: string, says: string, { harm, heal }: Harm): Fault {
  return {
    name,
    says,
    async run({ seconds }) {
      const disk = smallDisk();
      const folder = join(disk.folder, 'data');
      // Where a gateway keeps it in its folder.
      const database = { folder: join(folder, 'postgres') };
      let scene: Scene | undefined;
      try {
        const planting = await openEmbedded(database);
        await bringUpToDate(planting);
        scene = await setScene(null, planting);
        await planting.close();
        const { tally, ledger, planted } = scene;
        await scene.gateway({ HEIMDALL_DATA_DIR: folder, HEIMDALL_SEED_DEMO: 'never' });
        scene.load(LOAD);
        await sleep(CALM_MS);
        tally.begin({ codes: ['UNAVAILABLE'] });
        harm(disk);
        await sleep(seconds * 1_000);
        heal(disk);
        tally.over();
        await sleep(RECOVERY_MS + CALM_MS);
        await scene.end();
        const found = await openEmbedded(database);
        for (const one of await ledger.wrong(found.sql, planted)) tally.blame(one);
        await found.close();
        return { tally, acknowledged: ledger.acknowledged };
      } finally {
        await scene?.end();
        disk.remove();
      }
    },
  };
}
