import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

const FORMS = '{ forms(first: 1) { edges { node { name } } } }';

describe.runIf(onServer)('a request that is told that it took too long', () => {
  const shared = gatewayWith(
    async (world) => {
      const a = await world.organization('A');
      await world.row('form', a, 'form');
      return { user: await world.user(a) };
    },
    { operationMs: 1_000 },
  );
  const ask = () => shared.ask(shared.w.user.email, FORMS);

  /** How many statements of the gateway wait for somebody. */
  const waiting = async (): Promise<number> => {
    const [row] = await shared.world.client.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'`;
    return row?.count ?? 0;
  };

  /** While nobody can read forms, however long they wait. */
  const locked = (work: () => Promise<void>) =>
    shared.world.client.$transaction(
      async (tx) => {
        await tx.$executeRaw`LOCK TABLE form IN ACCESS EXCLUSIVE MODE`;
        await work();
      },
      { timeout: 60_000 },
    );

  const tooLate = async () => {
    const asked = ask();
    await expect.poll(waiting, { timeout: 20_000 }).toBe(1);
    const { status, errors } = await asked;
    expect([status, errors[0]?.extensions.code]).toEqual([503, 'UNAVAILABLE']);
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  };

  it('leaves no compiled statement behind', async () => {
    // Who asks is known by now, and the lock waits for nobody.
    await ask();
    await locked(tooLate);
    expect((await ask()).data.forms.edges).toHaveLength(1);
  });
});
