import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { plantRaces, RACES, type Race } from './races.js';

/** More of them by WRITE_RACES: docs/contributing.md. */
const ROUNDS = Number(process.env.WRITE_RACES ?? 20);

// However slow the machine is, who waits for another one is not given up: that is refused as well, and no race.
const shared = gatewayWith(plantRaces, { lockMs: 60_000, writeMs: 120_000 });

// The embedded database has one connection, so that nothing races there.
describe.runIf(process.env.HEIMDALL_TEST_ON === 'server')('six write at once:', () => {
  it.each(Object.keys(RACES) as Race[])(
    '%s, and nothing is lost or done twice, and each success is recorded once',
    async (race) => {
      const total = { won: 0, lost: 0 };
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { won, lost, complaints } = await RACES[race](shared);
        expect({ round, complaints }).toEqual({ round, complaints: [] });
        total.won += won;
        total.lost += lost;
      }
      process.stdout.write(`${race}: ${ROUNDS} rounds, ${total.won} done, ${total.lost} refused\n`);
    },
    Math.max(60_000, ROUNDS * 5_000),
  );
});
