import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedis, redisProcess } from '../../test/support/redis.js';
import { type Fault, underLoad } from './fault.js';

export const redisStopped: Fault = {
  name: 'redis-stopped',
  says: 'the Redis that counts requests is stopped, and started again',
  async run({ ground, seconds }) {
    if (!hasRedis) throw new Error('there is no redis-server on this machine');
    const redis = await redisProcess();
    try {
      return await underLoad(ground, {
        settings: {
          REDIS_URL: redis.url,
          HEIMDALL_MAX_REQUESTS_PER_PRINCIPAL: '1000000',
          HEIMDALL_PERSISTED_QUERIES: 'on',
        },
        // The store is no reason to refuse anybody: each process counts alone meanwhile.
        excuse: { codes: [] },
        async happen() {
          await redis.stop();
          await sleep(seconds * 1_000);
          await redis.start();
          return undefined;
        },
      });
    } finally {
      await redis.remove();
    }
  },
};
