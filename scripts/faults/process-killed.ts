import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, underLoad } from './fault.js';

const EVERY_MS = 4_000;

export const processKilled: Fault = {
  name: 'process-killed',
  says: 'of two gateways one is killed (kill -9) and started again, in turns',
  run: ({ ground, seconds }) =>
    underLoad(ground, {
      // Who was being answered by the one that is killed hears nothing more: that is what idempotency keys are for.
      excuse: { codes: ['UNAVAILABLE'], broken: true },
      async happen(scene, first) {
        const gateways = [first, await scene.gateway()];
        let killed = 0;
        for (const end = Date.now() + seconds * 1_000; Date.now() < end; killed += 1) {
          const one = gateways.shift();
          if (one === undefined) break;
          await one.kill();
          // As a balancer that noticed: the other one gets everything.
          scene.urls.splice(scene.urls.indexOf(one.url), 1);
          gateways.push(await scene.gateway());
          await sleep(EVERY_MS);
        }
        return `${killed} killed`;
      },
    }),
};
